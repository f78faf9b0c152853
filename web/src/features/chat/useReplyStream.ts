import { useEffect, useState } from "react";
import type { MessageStatus } from "@/gql/graphql";
import { type CountedText, emptyText, insertAt } from "@/lib/codePoints";
import { useSocket } from "@/lib/socketContext";
import { subscribe } from "@/lib/subscription";
import { ReplyStreamed } from "./documents";

type Stream = { text: string; status: MessageStatus | null };

const silent: Stream = { text: "", status: null };

/** The text of a reply while it is streaming; updates at most once per frame. */
export function useReplyStream(messageId: string, active: boolean): Stream {
  const socket = useSocket();
  const [stream, setStream] = useState<Stream>(silent);

  useEffect(() => {
    if (!active) return;
    let current: CountedText = emptyText;
    let status: MessageStatus | null = null;
    let frame = 0;
    const show = () => {
      frame = 0;
      setStream({ text: current.text, status });
    };
    const stop = subscribe(socket, {
      document: ReplyStreamed,
      variables: () => ({ messageId, fromOffset: current.length }),
      onData: ({ replyStreamed: chunk }) => {
        current = insertAt(current, chunk.offset, chunk.text);
        status = chunk.status;
        // A hidden page gets no frames; it is updated with the next one.
        frame ||= requestAnimationFrame(show);
      },
      onErrors: (errors) => (errors.some((error) => error.extensions?.code === "NOT_FOUND") ? "stop" : "again"),
      onComplete: () => (status !== null && isOver(status) ? "stop" : "again"),
    });
    return () => {
      stop();
      cancelAnimationFrame(frame);
      setStream(silent);
    };
  }, [socket, messageId, active]);

  return stream;
}

export function isOver(status: MessageStatus): boolean {
  return status !== "PENDING" && status !== "STREAMING";
}
