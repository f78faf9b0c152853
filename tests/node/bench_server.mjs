// graphql-ws on ws, as its documentation sets it up, with the schema of our events and an in-memory publisher.
// `node bench_server.mjs PORT`; GET /publish?count=N publishes N events, to all or (scope=each) to one viewer each.
import { createServer } from "node:http";
import { GraphQLEnumType, GraphQLID, GraphQLNonNull, GraphQLObjectType, GraphQLScalarType, GraphQLSchema, GraphQLString } from "graphql";
import { useServer } from "graphql-ws/use/ws";
import { WebSocketServer } from "ws";

const required = (type) => ({ type: new GraphQLNonNull(type) });
const Event = new GraphQLObjectType({
  name: "Event",
  fields: {
    cursor: required(GraphQLString),
    kind: required(new GraphQLEnumType({ name: "EventKind", values: { MEMORY_CREATED: { value: "memory_created" } } })),
    subjectId: required(GraphQLID),
    causedBy: { type: GraphQLID },
    payload: required(new GraphQLScalarType({ name: "JSON", serialize: (value) => value })),
    createdAt: required(new GraphQLScalarType({ name: "DateTime", serialize: (value) => value.toISOString() })),
  },
});

const subscribers = new Map(); // by viewer
async function* follow(viewer) {
  const waiting = [];
  let wake = null;
  const push = (event) => {
    waiting.push(event);
    wake?.();
  };
  if (!subscribers.has(viewer)) subscribers.set(viewer, new Set());
  subscribers.get(viewer).add(push);
  try {
    for (;;) {
      while (waiting.length > 0) yield { eventAppended: waiting.shift() };
      await new Promise((resolve) => (wake = resolve));
      wake = null;
    }
  } finally {
    subscribers.get(viewer).delete(push);
  }
}

const schema = new GraphQLSchema({
  query: new GraphQLObjectType({ name: "Query", fields: { hello: { type: GraphQLString } } }),
  subscription: new GraphQLObjectType({
    name: "Subscription",
    fields: { eventAppended: { ...required(Event), subscribe: (_, __, context) => follow(context.viewer) } },
  }),
});

let number = 0;
const makeEvent = () => ({
  cursor: `ZaAm3c7mW0Q4nqzrYt8r0yQAAAAAAAAD6AAAAAAAAA${String(++number).padStart(6, "0")}`,
  kind: "memory_created",
  subjectId: `019f0000-0000-7000-8000-${String(number).padStart(12, "0")}`,
  causedBy: null,
  payload: { n: number },
  createdAt: new Date(),
});

const server = createServer((request, response) => {
  const { searchParams } = new URL(request.url, "http://localhost");
  const count = Number(searchParams.get("count"));
  for (let published = 0; published < count; published += 1) {
    const event = makeEvent();
    const viewer = searchParams.get("scope") === "each" ? `user${published % subscribers.size}` : "owner";
    for (const push of subscribers.get(viewer) ?? []) push(event);
  }
  response.end("published");
});
const sockets = new WebSocketServer({ server, path: "/graphql" });
useServer({ schema, context: (ctx) => ({ viewer: ctx.connectionParams?.user }) }, sockets);
server.listen(Number(process.argv[2]), "127.0.0.1", () => console.log("ready"));
