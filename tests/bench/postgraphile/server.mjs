// PostGraphile 5 as its documentation sets it up for production, in one process: node server.mjs DATABASE_URL
import { createServer } from "node:http";
import { grafserv } from "postgraphile/grafserv/node";
import { postgraphile } from "postgraphile";
import { makePgService } from "postgraphile/adaptors/pg";
import { PostGraphileAmberPreset } from "postgraphile/presets/amber";

// It knows no xid8, which the record of events has: shown as text, the rest of the schema can be built.
const xid8 = {
  name: "Xid8Plugin",
  gather: {
    hooks: {
      async pgCodecs_findPgCodec(info, event) {
        if (event.pgType.typname !== "xid8") return;
        event.pgCodec = (await info.helpers.pgCodecs.getCodecFromType(event.serviceName, "25")) ?? null;
      },
    },
  },
};

const preset = {
  extends: [PostGraphileAmberPreset],
  plugins: [xid8],
  // It overlooks relations whose index is a partial one.
  disablePlugins: ["PgIndexBehaviorsPlugin"],
  pgServices: [makePgService({ connectionString: process.argv[2], schemas: ["public"], poolConfig: { max: 10 } })],
  grafserv: { graphqlPath: "/graphql", graphiql: false, watch: false },
  grafast: { explain: false },
};

const server = createServer();
await postgraphile(preset).createServ(grafserv).addTo(server);
server.listen(0, "127.0.0.1", () => console.log(`http://127.0.0.1:${server.address().port}`));
