// Says something over the real graphql-ws client and follows what comes of it, until a notification has arrived.
// Prints one JSON line for each thing it hears.
import { createClient } from "graphql-ws";
import WebSocket from "ws";

const [url, content] = process.argv.slice(2);
const client = createClient({ url, webSocketImpl: WebSocket, retryAttempts: 0, lazy: false });
const say = (what, value) => console.log(JSON.stringify({ what, value }));

const subscribe = (what, query, variables, onValue) =>
  new Promise((resolve, reject) => {
    client.subscribe(
      { query, variables },
      {
        next: ({ data, errors }) => {
          if (errors) reject(new Error(JSON.stringify(errors)));
          const [value] = Object.values(data);
          say(what, value);
          if (onValue?.(value)) resolve(value);
        },
        error: (error) => reject(error instanceof Error ? error : new Error(JSON.stringify(error))),
        complete: () => resolve(null),
      },
    );
  });

const notified = subscribe(
  "notification",
  "subscription { notificationAdded { cursor unreadCount notification { title intent { status } } } }",
  {},
  () => true,
);
const done = subscribe(
  "intent",
  "subscription { intentChanged { cursor kind previousStatus intent { status description intentType } } }",
  {},
  (event) => event.intent?.status === "COMPLETED",
);
void subscribe("message", "subscription { messageChanged { cursor kind message { messageType status } } }", {});
await new Promise((resolve) => setTimeout(resolve, 300));

const sent = await subscribe(
  "sent",
  "mutation($content: String!) { sendMessage(input: { content: $content }) { message { id } reply { id status } } }",
  { content },
  () => true,
);
await subscribe(
  "piece",
  "subscription($id: ID!) { replyStreamed(messageId: $id) { offset text status } }",
  { id: sent.reply.id },
);
await Promise.all([notified, done]);
await client.dispose();
