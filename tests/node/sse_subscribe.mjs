// Subscribes with the real graphql-sse client and prints each result as a JSON line, until `count` have come or it ends.
import { createClient } from "graphql-sse";

const [url, query, variables, count] = process.argv.slice(2);
const client = createClient({ url, retryAttempts: 0, singleConnection: false });
const results = client.iterate({ query, variables: JSON.parse(variables) });
console.log(JSON.stringify({ connecting: true }));
let left = Number(count);
for await (const result of results) {
  console.log(JSON.stringify(result));
  if (--left === 0) break;
}
console.log(JSON.stringify({ ended: left > 0 }));
client.dispose();
