// Parses each argument as LogQL, with the grammar of Grafana's own editor. Exits with 1 and the place of the first error.
import { parser } from "@grafana/lezer-logql";

for (const query of process.argv.slice(2)) {
  parser.parse(query).iterate({
    enter: (node) => {
      if (!node.type.isError) return;
      process.stderr.write(`${query}\n${" ".repeat(node.from)}^ is no LogQL\n`);
      process.exit(1);
    },
  });
}
