// Uses the MCP server with the npm clients: `node mcp_client.mjs URL VERSION`. Prints what it got as JSON.
import { Client as ModernClient, StreamableHTTPClientTransport as ModernTransport } from "@modelcontextprotocol/client";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";

const [url, version] = process.argv.slice(2);
const about = { name: "npm-client", version: "1" };
const modern = version === "2026-07-28";
const client = modern
  ? new ModernClient(about, { versionNegotiation: { mode: { pin: version } } })
  : new Client(about);
const transport = modern ? new ModernTransport(new URL(url)) : new StreamableHTTPClientTransport(new URL(url));
await client.connect(transport);

const { tools } = await client.listTools();
const call = async (name, input) => (await client.callTool({ name, arguments: input })).structuredContent;
const made = await call("record_decision", { title: "Use PostgreSQL", chosen: "PostgreSQL" });
const { items } = await call("list_decisions", { status: ["PROPOSED"] });
const wrong = await client.callTool({ name: "get_record", arguments: { id: "no id" } });
const { contents } = await client.readResource({ uri: `resonant://decision/${made.id}` });
const { prompts } = await client.listPrompts();
const prompt = await client.getPrompt({ name: "start_task", arguments: { task: "Write the migration" } });
await client.close();
console.log(
  JSON.stringify({
    tools: tools.length,
    made,
    items,
    failed: wrong.isError,
    read: JSON.parse(contents[0].text).title,
    prompts: prompts.map((each) => each.name),
    prompt: prompt.messages[0].content.text,
  }),
);
