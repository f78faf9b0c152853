import type { Element, ElementContent } from "hast";
import type { ReactNode } from "react";
import ReactMarkdown, { type Components } from "react-markdown";
import rehypeSanitize, { defaultSchema } from "rehype-sanitize";
import remarkGfm from "remark-gfm";
import remarkMath from "remark-math";
import { CodeBlock } from "@/components/CodeBlock";
import { CitationMark } from "@/components/citations/CitationMark";
import { Formula } from "@/components/Formula";
import { Diagram } from "@/components/markdown/Diagram";
import { ImageLink } from "@/components/markdown/ImageLink";
import { InPageLink } from "@/components/markdown/InPageLink";
import { remarkCitations } from "@/components/markdown/citations";
import { remarkEastAsian } from "@/components/markdown/eastAsian";
import { STYLE_TAGS } from "@/components/markdown/html";
import { hasTooManyContainers, isTooDense } from "@/components/markdown/limits";
import { visibleText } from "@/components/markdown/visibleText";
import { withOneFormOfMath } from "@/lib/math";

export type TreeOptions = {
  /** Whether a line break in the source is one in the result. */
  breaks: boolean;
  /** The beginning of the ids of footnotes, unique in the text. */
  idPrefix: string;
  /** Whether `[3]` is a citation. */
  cites: boolean;
  footnotes: string;
  backToReference: string;
};

const INLINE_MATH = "math-inline";
const schema = {
  ...defaultSchema,
  tagNames: [...(defaultSchema.tagNames ?? []), ...STYLE_TAGS, "cite"],
  attributes: {
    ...defaultSchema.attributes,
    code: [["className", /^language-./, INLINE_MATH] as [string, RegExp, string]],
  },
  // Raw HTML is not parsed, so all ids are those of footnotes, which have a prefix of their own.
  clobber: [],
};

const components: Components = {
  cite: ({ node }) => <CitationMark bracket={textOf(node?.children ?? [])} />,
  a: ({ href, id, children, "aria-label": label }) =>
    href?.startsWith("#") ? (
      <InPageLink target={href.slice(1)} id={id} label={label}>
        {children}
      </InPageLink>
    ) : (
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
    if (language === "math") return <Formula tex={source} display />;
    return language === "mermaid" ? <Diagram source={source} /> : <CodeBlock code={source} language={language} />;
  },
  code: ({ node, className, children }) =>
    node && className?.includes(INLINE_MATH) ? (
      <Formula tex={textOf(node.children)} display={false} />
    ) : (
      <code>{children}</code>
    ),
};

/** The rendered text; null when it is nested too deeply or would take too long, and is to be shown as it was written. */
export function treeOf(markdown: string, options: TreeOptions): ReactNode | null {
  if (isTooDense(markdown) || hasTooManyContainers(markdown)) return null;
  try {
    return ReactMarkdown({
      remarkPlugins: [
        [remarkGfm, { singleTilde: false }],
        [remarkMath, { singleDollarTextMath: false }],
        remarkEastAsian,
        [visibleText, { breaks: options.breaks }],
        ...(options.cites ? [remarkCitations] : []),
      ],
      remarkRehypeOptions: {
        clobberPrefix: options.idPrefix,
        footnoteLabel: options.footnotes,
        footnoteBackLabel: options.backToReference,
      },
      rehypePlugins: [[rehypeSanitize, schema]],
      components,
      children: withOneFormOfMath(markdown),
    });
  } catch (error) {
    // The parser is recursive; refuseDeepTree throws the same error.
    if (error instanceof RangeError) return null;
    throw error;
  }
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
