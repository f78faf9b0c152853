/** How a client is connected: the address of this server, the project, and the token of AUTH_MODE=token. */
export type Connection = {
  /** For example `http://127.0.0.1:8000`. */
  origin: string;
  /** The slug of the only project; null for all projects. */
  project: string | null;
  /** The secret, or what is shown in its place; null when no token is needed. */
  token: string | null;
};

export const CLIENTS = ["claudeCode", "claudePlugin", "codex", "cursor", "vscode", "stdio", "other"] as const;
export type ClientName = (typeof CLIENTS)[number];

/** The clients that were run with this server; see docs/agents.md. */
export const TESTED: ReadonlySet<ClientName> = new Set(["claudeCode", "claudePlugin", "stdio"]);

/** A text to copy: the content of a file, or without one a command of a POSIX shell or an address. */
export type Snippet = { file?: string; code: string };

/** That of `make run`, in the directory of Resonant Engine. */
const PYTHON = ".venv/bin/python";

const SAFE = /^[\w@%+=:,./-]+$/;

/** The text as one word of a POSIX shell. */
export const shellWord = (text: string) => (SAFE.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`);

const command = (...words: readonly string[]) => words.map(shellWord).join(" ");

/** A command with environment variables before it; a variable without a value is left out. */
const withVariables = (variables: Readonly<Record<string, string | null>>, ...words: readonly string[]) =>
  [
    ...Object.entries(variables).flatMap(([name, value]) => (value === null ? [] : [`${name}=${shellWord(value)}`])),
    ...(words.length > 0 ? [command(...words)] : []),
  ].join(" ");

const endpoint = ({ origin }: Connection) => `${origin}/mcp`;

/** The address of the MCP server, with the project. */
export const addressOf = (to: Connection) =>
  to.project === null ? endpoint(to) : `${endpoint(to)}?project=${encodeURIComponent(to.project)}`;

const bearer = (token: string) => `Bearer ${token}`;
const json = (content: object) => JSON.stringify(content, null, 2);
const headersOf = ({ token }: Connection) => (token === null ? {} : { headers: { Authorization: bearer(token) } });
const projectOf = ({ project }: Connection) => (project === null ? [] : ["--project", project]);

/** A TOML basic string. Its escapes are those of JSON, except for DEL. */
const tomlString = (text: string) => JSON.stringify(text).replaceAll("\u007f", "\\u007f");

const builders: Record<ClientName, (to: Connection) => Snippet[]> = {
  claudeCode: (to) => {
    const header = to.token === null ? [] : ["--header", `Authorization: ${bearer(to.token)}`];
    return [{ code: command("claude", "mcp", "add", "--transport", "http", "resonant", addressOf(to), ...header) }];
  },
  claudePlugin: (to) => {
    const variables = { RESONANT_MCP_URL: endpoint(to), RESONANT_PROJECT: to.project, RESONANT_TOKEN: to.token };
    return [{ code: withVariables(variables, "claude", "--plugin-dir", "ENGINE/integrations/claude-code") }];
  },
  codex: (to) => {
    const lines = ["[mcp_servers.resonant]", `url = ${tomlString(addressOf(to))}`];
    const file = "~/.codex/config.toml";
    if (to.token === null) return [{ file, code: lines.join("\n") }];
    return [
      { file, code: [...lines, 'bearer_token_env_var = "RESONANT_TOKEN"'].join("\n") },
      { code: `export ${withVariables({ RESONANT_TOKEN: to.token })}` },
    ];
  },
  cursor: (to) => {
    const servers = { resonant: { url: addressOf(to), ...headersOf(to) } };
    return [{ file: ".cursor/mcp.json", code: json({ mcpServers: servers }) }];
  },
  vscode: (to) => {
    const servers = { resonant: { type: "http", url: addressOf(to), ...headersOf(to) } };
    return [{ file: ".vscode/mcp.json", code: json({ servers }) }];
  },
  stdio: (to) => {
    const place = to.project === null ? ["--directory", "DIR"] : projectOf(to);
    const words = [PYTHON, "-m", "app", "mcp", "--url", endpoint(to), ...place];
    return [{ code: withVariables({ RESONANT_TOKEN: to.token }, ...words) }];
  },
  other: (to) => [
    { code: [addressOf(to), ...(to.token === null ? [] : [`Authorization: ${bearer(to.token)}`])].join("\n") },
  ],
};

/** What connects the client, in the order in which it is needed. */
export const snippetsOf = (client: ClientName, to: Connection): readonly Snippet[] => builders[client](to);

/** The command that writes the decisions into AGENTS.md of the repository DIR, for clients without hooks. */
export const syncCommand = (to: Connection) =>
  withVariables(
    { RESONANT_TOKEN: to.token },
    ...[PYTHON, "-m", "app", "agents", "sync", "DIR", "--url", endpoint(to), ...projectOf(to)],
  );
