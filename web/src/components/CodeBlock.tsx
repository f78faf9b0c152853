import { toJsxRuntime } from "hast-util-to-jsx-runtime";
import { type ReactNode, memo, useEffect, useState } from "react";
import { Fragment, jsx, jsxs } from "react/jsx-runtime";
import { IconButton } from "@/components/Button";
import { useCopy } from "@/components/useCopy";
import { useText } from "@/lib/language";

type CodeProps = { code: string; language: string };
type Highlighted = { code: string; node: ReactNode };

/** A code block with its language and a copy button; syntax colours appear when the highlighter has loaded. */
export const CodeBlock = memo(function CodeBlock({ code, language }: CodeProps) {
  const text = useText();
  const [copied, copy] = useCopy();
  const [highlighted, setHighlighted] = useState<Highlighted | null>(null);

  useEffect(() => {
    if (language === "") return;
    let current = true;
    const colour = async () => {
      const { highlight } = await import("./highlight");
      const tree = current ? await highlight(code, language) : null;
      // The library's types look for a global JSX namespace, which React 19 no longer has.
      // eslint-disable-next-line @typescript-eslint/no-unsafe-assignment
      const node: ReactNode = tree && toJsxRuntime(tree, { Fragment, jsx, jsxs });
      if (node) setHighlighted({ code, node });
    };
    // Code is readable without colours.
    colour().catch((error: unknown) => console.warn(`No colours for ${language}:`, error));
    return () => {
      current = false;
    };
  }, [code, language]);

  // While code streams in, the highlighted part stays and the new text follows without colours.
  const isPrefix = highlighted !== null && code.startsWith(highlighted.code);
  return (
    <div className="code-block overflow-hidden rounded-xl border border-line bg-shelf">
      <div className="flex items-center justify-between pr-1 pl-4 text-xs text-faint">
        <span className="font-mono">{language}</span>
        <IconButton
          small
          icon={copied ? "check" : "copy"}
          label={copied ? text.chat.copied : text.chat.copyCode}
          onClick={() => copy(code)}
        />
      </div>
      <pre tabIndex={0} className="overflow-x-auto px-4 pb-4 font-mono text-[0.86em] leading-relaxed">
        <code>
          {isPrefix ? highlighted.node : code}
          {isPrefix && code.slice(highlighted.code.length)}
        </code>
      </pre>
    </div>
  );
});
