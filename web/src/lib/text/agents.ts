import { plural } from "@/lib/text/plural";

const count = (n: number, one: string, other: string) => plural("en", n, { one, other });

/** The texts about the scope of tokens in English. */
export const scopeEn = {
  project: "Project",
  rights: "Access",
  allProjects: "All projects",
  goneProject: "a project that you no longer see",
  readsOnly: "Reads only",
  readsAndWrites: "Reads and writes",
  both: (rights: string, project: string) => `${rights} · ${project}`,
  mcpOnly: "A token of one project works for coding agents (/mcp) only, not for the GraphQL API.",
};

export const scopeJa: typeof scopeEn = {
  project: "プロジェクト",
  rights: "権限",
  allProjects: "すべてのプロジェクト",
  goneProject: "今は見られないプロジェクト",
  readsOnly: "読み取りのみ",
  readsAndWrites: "読み取りと書き込み",
  both: (rights, project) => `${rights} · ${project}`,
  mcpOnly:
    "プロジェクトを限定したトークンは、コーディングエージェント（/mcp）だけで使えます。GraphQL APIでは使えません。",
};

/** The texts of the page that connects coding agents in English. */
export const agentsEn = {
  hint: "A coding agent reads your decisions, checks its plan against them and records what is new. What changes a decision waits for you.",
  open: "Connect an agent",
  openHint: "Claude Code, Codex, Cursor, VS Code and others use the record over MCP.",
  client: "Client",
  clients: {
    claudeCode: "Claude Code",
    claudePlugin: "Claude Code, plugin",
    codex: "Codex",
    cursor: "Cursor",
    vscode: "VS Code",
    stdio: "stdio",
    other: "Other",
  },
  clientHints: {
    claudeCode: "Run this in the directory of your repository.",
    claudePlugin:
      "Run this in the directory of your repository, with that of Resonant Engine in place of ENGINE. It is for one session. The plugin also checks each edit against your decisions.",
    codex: "Add this to the file.",
    cursor: "Add this to the file in your repository.",
    vscode: "Add this to the file in your repository.",
    stdio:
      "For an agent that starts its servers itself: it runs this in the directory of Resonant Engine, with your repository in place of DIR.",
    other: "Any client of MCP over Streamable HTTP connects to this address.",
  },
  untested: "Not tested with this client; written after its documentation.",
  beforeStart: "Set this before you start the agent:",
  secretInFile: "The file contains the token; do not commit it.",
  copy: "Copy",
  copied: "Copied",
  local:
    "No token is needed: with AUTH_MODE=local, every program on this machine acts for the owner, and none can be blocked here. For tokens that read only or can be revoked, set AUTH_MODE=token.",
  tokenHint: "The agent needs a token. It is shown this once, in the command.",
  makeToken: "Make a token",
  anotherToken: "Make another token",
  tokenMade: "The command contains the new token. Copy it now; the token is shown this once.",
  noSession: "Sign in with your password to make a token here.",
  syncTitle: "Decisions in AGENTS.md, for agents without hooks",
  syncHint:
    "This writes the decisions in force into AGENTS.md of a repository. Run it in the directory of Resonant Engine, with the repository in place of DIR.",
  list: "Agents that used this server",
  listHint: "Each client chooses its name, so a name proves nothing.",
  empty: "No agent yet",
  emptyHint: "An agent appears here when it connects.",
  failed: "The agents could not be loaded.",
  firstUsed: "first used",
  lastUsed: "last used",
  noToken: "without a token",
  ended: "token ended",
  token: (name: string) => `token “${name}”`,
  actions: (n: number) => count(n, "# action", "# actions"),
  showActions: (name: string) => `Show the actions of ${name}`,
  actionsOf: (name: string) => `Actions of ${name}`,
  noActions: "It has recorded and proposed nothing yet.",
  actionsFailed: "The actions could not be loaded.",
  sameName: "Agents of yours with the same name share their actions.",
  revoke: "End the token",
  revokeOf: (name: string, token: string) => `End the token: ${token}, ${name}`,
  revokeTitle: (token: string) => `End the token “${token}”?`,
  revokeHint: "All agents and programs that use it lose access at once. This cannot be undone.",
};

export const agentsJa: typeof agentsEn = {
  hint: "コーディングエージェントは決定を読み、計画を決定と照合し、新しいことを記録します。決定を変える操作はあなたの確認を待ちます。",
  open: "エージェントを接続",
  openHint: "Claude Code、Codex、Cursor、VS CodeなどがMCPで記録を利用できます。",
  client: "クライアント",
  clients: {
    claudeCode: "Claude Code",
    claudePlugin: "Claude Code（プラグイン）",
    codex: "Codex",
    cursor: "Cursor",
    vscode: "VS Code",
    stdio: "stdio",
    other: "その他",
  },
  clientHints: {
    claudeCode: "リポジトリのディレクトリで実行してください。",
    claudePlugin:
      "リポジトリのディレクトリで、ENGINEをResonant Engineのディレクトリに置き換えて実行してください。1つのセッションで有効です。プラグインは編集のたびに決定と照合します。",
    codex: "次の内容をファイルに追加してください。",
    cursor: "リポジトリのファイルに次の内容を追加してください。",
    vscode: "リポジトリのファイルに次の内容を追加してください。",
    stdio:
      "サーバーを自分で起動するエージェント用です。Resonant Engineのディレクトリで実行されるように設定し、DIRをリポジトリに置き換えてください。",
    other: "Streamable HTTPのMCPクライアントは、このアドレスに接続できます。",
  },
  untested: "このクライアントでは動作を確認していません。クライアントの文書に基づく設定です。",
  beforeStart: "エージェントを起動する前に設定してください：",
  secretInFile: "ファイルにトークンが入ります。コミットしないでください。",
  copy: "コピー",
  copied: "コピーしました",
  local:
    "トークンは不要です。AUTH_MODE=localでは、このマシンのすべてのプログラムが所有者として動作し、ここから個別に拒否することはできません。読み取り専用のトークンや無効化できるトークンを使うには、AUTH_MODE=tokenを設定してください。",
  tokenHint: "エージェントにはトークンが必要です。トークンはコマンドの中に一度だけ表示されます。",
  makeToken: "トークンを作成",
  anotherToken: "別のトークンを作成",
  tokenMade: "コマンドに新しいトークンが入りました。今すぐコピーしてください。表示は一度だけです。",
  noSession: "ここでトークンを作成するには、パスワードでログインしてください。",
  syncTitle: "AGENTS.mdに決定を書く（フックのないエージェント用）",
  syncHint:
    "採用中の決定をリポジトリのAGENTS.mdに書き込みます。Resonant Engineのディレクトリで、DIRをリポジトリに置き換えて実行してください。",
  list: "このサーバーを使ったエージェント",
  listHint: "名前は各クライアントが自由に付けるため、身元の証明にはなりません。",
  empty: "エージェントはまだありません",
  emptyHint: "エージェントが接続すると、ここに表示されます。",
  failed: "エージェントを読み込めませんでした。",
  firstUsed: "初回",
  lastUsed: "最終使用",
  noToken: "トークンなし",
  ended: "トークンは無効です",
  token: (name) => `トークン「${name}」`,
  actions: (n) => `操作${n}件`,
  showActions: (name) => `${name}の操作を表示`,
  actionsOf: (name) => `${name}の操作`,
  noActions: "記録や提案はまだありません。",
  actionsFailed: "操作を読み込めませんでした。",
  sameName: "同じ名前のエージェントの操作は、まとめて表示されます。",
  revoke: "トークンを無効化",
  revokeOf: (name, token) => `トークンを無効化：${token}、${name}`,
  revokeTitle: (token) => `トークン「${token}」を無効にしますか？`,
  revokeHint: "このトークンを使うすべてのエージェントとプログラムは、すぐに利用できなくなります。元に戻せません。",
};
