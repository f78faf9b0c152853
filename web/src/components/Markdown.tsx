import type { Element, ElementContent } from "hast";
import { type ReactNode, memo, useEffect, useMemo } from "react";
import ReactMarkdown, { type Components } from "react-markdown";
import rehypeSanitize, { defaultSchema } from "rehype-sanitize";
import remarkGfm from "remark-gfm";
import remarkMath from "remark-math";
import { CodeBlock } from "@/components/CodeBlock";
import { Formula } from "@/components/Formula";
import { Icon } from "@/components/Icon";
import { cacheMarkdown, cachedMarkdown } from "@/components/markdownCache";
import { useText } from "@/lib/language";
import { withOneFormOfMath } from "@/lib/math";

const INLINE_MATH = "math-inline";
const schema = {
  ...defaultSchema,
  attributes: {
    ...defaultSchema.attributes,
    code: [["className", /^language-./, INLINE_MATH] as [string, RegExp, string]],
  },
};

const components: Components = {
  a: ({ href, children }) => (
    <a href={href} target="_blank" rel="noreferrer noopener">
      {children}
    </a>
  ),
  // A message must not make the browser load from another host: an image is shown as a link.
  img: ({ src, alt }) => <ImageLink src={typeof src === "string" ? src : ""} alt={alt ?? ""} />,
  table: ({ children }) => (
    <div className="table-scroll overflow-x-auto">
      <table>{children}</table>
    </div>
  ),
  pre: ({ node, children }) => {
    const code = node?.children.find((child): child is Element => child.type === "element" && child.tagName === "code");
    if (!code) return <pre>{children}</pre>;
    const source = textOf(code.children).replace(/\n$/, "");
    const language = languageOf(code);
    return language === "math" ? <Formula tex={source} display /> : <CodeBlock code={source} language={language} />;
  },
  code: ({ node, className, children }) =>
    node && className?.includes(INLINE_MATH) ? (
      <Formula tex={textOf(node.children)} display={false} />
    ) : (
      <code>{children}</code>
    ),
};

/** Markdown without raw HTML and script links. `unfinished` text is not cached. */
export const Markdown = memo(function Markdown({ text, unfinished }: { text: string; unfinished: boolean }) {
  const tree = useMemo(() => cachedMarkdown(text) ?? treeOf(text), [text]);
  useEffect(() => {
    if (!unfinished) cacheMarkdown(text, tree);
  }, [text, tree, unfinished]);
  return tree;
});

function treeOf(text: string): ReactNode {
  return ReactMarkdown({
    remarkPlugins: [remarkGfm, [remarkMath, { singleDollarTextMath: false }]],
    rehypePlugins: [[rehypeSanitize, schema]],
    components,
    children: withOneFormOfMath(text),
  });
}

function ImageLink({ src, alt }: { src: string; alt: string }) {
  const text = useText();
  return (
    <a href={src} target="_blank" rel="noreferrer noopener">
      <Icon name="image" className="mr-1 inline size-[1.1em]" />
      {alt || text.chat.imageLink}
    </a>
  );
}

function textOf(nodes: readonly ElementContent[]): string {
  return nodes
    .map((node) => (node.type === "text" ? node.value : node.type === "element" ? textOf(node.children) : ""))
    .join("");
}

function languageOf(code: Element): string {
  const names = Array.isArray(code.properties.className) ? code.properties.className : [];
  const name = names.find((part) => typeof part === "string" && part.startsWith("language-"));
  return typeof name === "string" ? name.slice("language-".length) : "";
}
