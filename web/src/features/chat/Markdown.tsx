import type { Element, ElementContent } from "hast";
import { memo } from "react";
import ReactMarkdown, { type Components } from "react-markdown";
import rehypeSanitize from "rehype-sanitize";
import remarkGfm from "remark-gfm";
import { Icon } from "@/components/Icon";
import { useText } from "@/lib/language";
import { CodeBlock } from "./CodeBlock";

const components: Components = {
  a: ({ href, children }) => (
    <a href={href} target="_blank" rel="noreferrer noopener">
      {children}
    </a>
  ),
  // Nothing is fetched from another host because a message says so: a picture is offered as a link.
  img: ({ src, alt }) => <ImageLink src={typeof src === "string" ? src : ""} alt={alt ?? ""} />,
  table: ({ children }) => (
    <div className="table-scroll overflow-x-auto">
      <table>{children}</table>
    </div>
  ),
  pre: ({ node, children }) => {
    const code = node?.children.find((child): child is Element => child.type === "element" && child.tagName === "code");
    if (!code) return <pre>{children}</pre>;
    return <CodeBlock code={textOf(code.children).replace(/\n$/, "")} language={languageOf(code)} />;
  },
};

/** Markdown as a page: raw HTML and script links never survive. */
export const Markdown = memo(function Markdown({ text }: { text: string }) {
  return (
    <ReactMarkdown remarkPlugins={[remarkGfm]} rehypePlugins={[rehypeSanitize]} components={components}>
      {text}
    </ReactMarkdown>
  );
});

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
