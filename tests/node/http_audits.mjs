// Runs every audit of GraphQL over HTTP against the address given and prints one JSON line an audit.
import { serverAudits } from "graphql-http";

const [url] = process.argv.slice(2);
for (const audit of serverAudits({ url })) {
  const result = await audit.fn();
  console.log(
    JSON.stringify({
      id: audit.id,
      name: audit.name,
      status: result.status,
      reason: result.reason ?? null,
    }),
  );
}
