import { type ReactNode, memo, useEffect, useMemo, useState } from "react";
import { CodeBlock } from "@/components/CodeBlock";
import { ErrorBoundary } from "@/components/ErrorBoundary";
import { cacheMarkdown, cachedMarkdown } from "@/components/markdown/cache";
import { type Piece, blocksOf, piecesOf } from "@/components/markdown/pieces";
import { type TreeOptions, treeOf } from "@/components/markdown/tree";
import { type Text, useText } from "@/lib/language";

type MarkdownProps = {
  text: string;
  /** Whether more text follows; then nothing is cached. */
  unfinished: boolean;
  /** Whether each line break of the source is shown, as people expect of what they typed. */
  breaks?: boolean;
  /** Whether `[3]` is a citation; the citations are those of CitationsContext. */
  cites?: boolean;
};

/** Markdown without raw HTML and script links. A long text appears piece by piece, so that the page stays responsive. */
export const Markdown = memo(function Markdown({ text, unfinished, breaks = false, cites = false }: MarkdownProps) {
  const pieces = useMemo(() => piecesOf(text), [text]);
  const rendered = useRenderedCount(pieces.length);
  return pieces.map((piece, index) =>
    index < rendered ? (
      <MarkdownPiece
        key={index}
        index={index}
        breaks={breaks}
        cites={cites}
        unfinished={unfinished && index === pieces.length - 1}
        {...fieldsOf(piece)}
      />
    ) : (
      <Source key={index} text={piece.kind === "code" ? piece.code : piece.text} waiting />
    ),
  );
});

/** How many pieces to render: one at first, then one more in each task. */
function useRenderedCount(wanted: number): number {
  const [count, setCount] = useState(1);
  useEffect(() => {
    if (count >= wanted) return;
    const timer = setTimeout(() => setCount(count + 1));
    return () => clearTimeout(timer);
  }, [count, wanted]);
  return count;
}

type PieceProps = {
  index: number;
  breaks: boolean;
  cites: boolean;
  unfinished: boolean;
  source: string;
  language: string | null;
};

const fieldsOf = (piece: Piece): Pick<PieceProps, "source" | "language"> =>
  piece.kind === "code" ? { source: piece.code, language: piece.language } : { source: piece.text, language: null };

// Its properties are plain values, so a piece is rendered once while the text after it grows.
const MarkdownPiece = memo(function MarkdownPiece({ source, language, ...rest }: PieceProps) {
  return (
    <ErrorBoundary resetKey={source} fallback={() => <Source text={source} />}>
      {language === null ? <Parsed source={source} {...rest} /> : <CodeBlock code={source} language={language} />}
    </ErrorBoundary>
  );
});

function Parsed({ source, index, breaks, cites, unfinished }: Omit<PieceProps, "language">) {
  const text = useText();
  const key = `${index} ${breaks} ${cites} ${text.chat.footnotes} ${source}`;
  const tree = useMemo(
    () => cachedMarkdown(key) ?? rendered(source, optionsFor(text, breaks, cites, index)),
    [key, source, text, breaks, cites, index],
  );
  useEffect(() => {
    if (!unfinished) cacheMarkdown(key, tree);
  }, [key, tree, unfinished]);
  return tree;
}

function optionsFor(text: Text, breaks: boolean, cites: boolean, index: number): TreeOptions {
  const { footnotes, backToReference } = text.chat;
  return { breaks, cites, idPrefix: `note-${index}-`, footnotes, backToReference };
}

/** The text as Markdown; where that is not possible, its blocks one by one, and the impossible ones as written. */
function rendered(source: string, options: TreeOptions): ReactNode {
  const whole = treeOf(source, options);
  if (whole !== null) return whole;
  return blocksOf(source).map((block, index) => {
    const idPrefix = `${options.idPrefix}${index}-`;
    return <div key={index}>{treeOf(block, { ...options, idPrefix }) ?? <Source text={block} />}</div>;
  });
}

/** Text as it was written; `waiting` until its piece is rendered. */
function Source({ text, waiting }: { text: string; waiting?: boolean }) {
  return (
    <p className="whitespace-pre-wrap" data-waiting={waiting}>
      {text}
    </p>
  );
}
