// Runs graphql-schema-linter with the arguments given; what it finds it says on stderr, and exits with 1.
import { run } from "graphql-schema-linter/lib/runner.js";

const command = ["node", "graphql-schema-linter", ...process.argv.slice(2)];
process.exitCode = await run(process.stderr, process.stdin, process.stderr, command);
