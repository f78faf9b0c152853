import { execFileSync } from "node:child_process";
import { expect, it } from "vitest";
import { CLIENTS, type Connection, addressOf, shellWord, snippetsOf, syncCommand } from "./commands";

const local: Connection = { origin: "http://127.0.0.1:8000", project: null, token: null };
const remote: Connection = { origin: "https://resonant.example", project: "shop", token: "ret_read.0193.a-b_c" };
const hostile: Connection = { ...remote, project: `a'b"c $(touch x) \`id\` & ; ?x=1#y`, token: `t'"$HOME\\ ` };

/** The words and the RESONANT variables as a shell passes them on. */
function wordsOf(code: string): string[] {
  const program = "console.log(JSON.stringify(process.argv.slice(1)))";
  const inShell = `run() { "$NODE" -e '${program}' -- "$@"; }\n`;
  const [variables, rest] = /^((?:RESONANT_\w+=(?:'[^']*'|\\'|[^\s'])+ )*)(.*)$/s.exec(code)?.slice(1) ?? [];
  const script = `${inShell}${variables?.replaceAll(/ (?=RESONANT_)/g, "\n") ?? ""}\nrun ${rest ?? ""} "$RESONANT_TOKEN" "$RESONANT_PROJECT"`;
  const printed = execFileSync("sh", ["-c", script], { env: { NODE: process.execPath }, encoding: "utf8" });
  return JSON.parse(printed) as string[];
}

const codeOf = (client: (typeof CLIENTS)[number], to: Connection) => snippetsOf(client, to).map(({ code }) => code);

it("quotes words for a POSIX shell", () => {
  expect(shellWord("ret_a-b.c")).toBe("ret_a-b.c");
  expect(shellWord("http://127.0.0.1:8000/mcp")).toBe("http://127.0.0.1:8000/mcp");
  expect(shellWord("http://h/mcp?project=shop")).toBe("'http://h/mcp?project=shop'");
  expect(shellWord("it's")).toBe(`'it'\\''s'`);
  expect(shellWord("")).toBe("''");
});

it("makes the command for Claude Code", () => {
  expect(codeOf("claudeCode", local)).toEqual(["claude mcp add --transport http resonant http://127.0.0.1:8000/mcp"]);
  expect(codeOf("claudeCode", remote)).toEqual([
    "claude mcp add --transport http resonant 'https://resonant.example/mcp?project=shop' --header 'Authorization: Bearer ret_read.0193.a-b_c'",
  ]);
});

it("passes every character through a real shell", () => {
  for (const to of [remote, hostile]) {
    const [claude = ""] = codeOf("claudeCode", to);
    expect(wordsOf(claude).slice(6, 10)).toEqual([
      addressOf(to),
      "--header",
      `Authorization: Bearer ${to.token ?? ""}`,
      "",
    ]);
    const [stdio = ""] = codeOf("stdio", to);
    expect(wordsOf(stdio)).toEqual([
      ...[".venv/bin/python", "-m", "app", "mcp", "--url", "https://resonant.example/mcp", "--project"],
      ...[to.project, to.token, ""],
    ]);
    const [plugin = ""] = codeOf("claudePlugin", to);
    expect(wordsOf(plugin)).toEqual([
      "claude",
      "--plugin-dir",
      "ENGINE/integrations/claude-code",
      to.token,
      to.project,
    ]);
    expect(wordsOf(syncCommand(to)).slice(0, 6)).toEqual([".venv/bin/python", "-m", "app", "agents", "sync", "DIR"]);
  }
});

it("makes files that their formats accept", () => {
  for (const to of [local, remote, hostile]) {
    const headers = to.token === null ? {} : { headers: { Authorization: `Bearer ${to.token}` } };
    const [cursor = ""] = codeOf("cursor", to);
    expect(JSON.parse(cursor)).toEqual({ mcpServers: { resonant: { url: addressOf(to), ...headers } } });
    const [vscode = ""] = codeOf("vscode", to);
    expect(JSON.parse(vscode)).toEqual({ servers: { resonant: { type: "http", url: addressOf(to), ...headers } } });
  }
  expect(codeOf("codex", remote)).toEqual([
    '[mcp_servers.resonant]\nurl = "https://resonant.example/mcp?project=shop"\nbearer_token_env_var = "RESONANT_TOKEN"',
    "export RESONANT_TOKEN=ret_read.0193.a-b_c",
  ]);
  expect(codeOf("codex", local)).toEqual(['[mcp_servers.resonant]\nurl = "http://127.0.0.1:8000/mcp"']);
});

it("shows no token where none is needed", () => {
  for (const client of CLIENTS) {
    expect(codeOf(client, local).join("\n")).not.toMatch(/token|bearer/i);
    expect(codeOf(client, remote).join("\n")).toContain(remote.token);
  }
});
