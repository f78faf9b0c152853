import { fireEvent, render, screen, waitFor } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { Markdown } from "./Markdown";

describe("Markdown", () => {
  it("shows headings, tables and code", () => {
    render(
      <Markdown unfinished={false} text={"# Plan\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n```python\nprint(1)\n```"} />,
    );
    expect(screen.getByRole("heading", { name: "Plan" })).toBeInTheDocument();
    expect(screen.getByRole("table")).toBeInTheDocument();
    expect(screen.getByText(/print/)).toBeInTheDocument();
  });

  it("renders hostile text harmlessly", () => {
    const { container } = render(
      <Markdown
        unfinished={false}
        text={
          "<script>alert(1)</script><img src=x onerror=alert(1)>\n\n[link](javascript:alert(1))\n\n<iframe src='//x'></iframe>\n\n![pic](https://example.com/track.png)"
        }
      />,
    );
    expect(container.querySelector("script, iframe, img, [onerror]")).toBeNull();
    for (const link of container.querySelectorAll("a")) expect(link.href).not.toMatch(/^javascript:/);
  });

  it("links to images of other hosts instead of loading them", () => {
    render(<Markdown unfinished={false} text="![diagram](https://example.com/a.png)" />);
    expect(screen.getByRole("link", { name: /diagram/ })).toHaveAttribute("href", "https://example.com/a.png");
  });

  const html = (text: string, breaks = false) =>
    render(<Markdown unfinished={false} text={text} breaks={breaks} />).container;

  it.each([
    ["これは**「重要」**な点", ["「重要」"]],
    ["**「甲」**なので**「乙」**", ["「甲」", "「乙」"]],
    ['**注意:**これは**"例"**です', ["注意:", '"例"']],
    ["**（補足）**と**重要。**次", ["（補足）", "重要。"]],
    ["한국어**'중요'**합니다", ["'중요'"]],
    ["𠮷**(a)**野", ["(a)"]],
    ['a**"b"**c 2*3*4', []],
    ["__「下線」__です", ["「下線」"]],
    ["これは__「甲」__と__（乙）__", ["「甲」", "（乙）"]],
    ["変数__名前__です snake__case__name", []],
  ])("marks strong text next to East Asian letters: %s", (text, strong) => {
    expect([...html(text).querySelectorAll("strong")].map((each) => each.textContent)).toEqual(strong);
  });

  it("strikes out between two tildes only", () => {
    expect(html("3~5日、100~200円").querySelector("del")).toBeNull();
    expect(html("3~~5日、100~~200円").querySelector("del")).toBeNull();
    expect(html("これは~~「旧」~~です").querySelector("del")).toHaveTextContent("「旧」");
  });

  it.each([
    ["詳細は https://example.com/a。次の文", ["https://example.com/a"]],
    ["https://example.com/a、https://example.org/b？", ["https://example.com/a", "https://example.org/b"]],
    ["（https://example.com/a）と「https://example.com」", ["https://example.com/a", "https://example.com"]],
    ["www.example.com。", ["www.example.com"]],
    ["https://example.com/docsを見る", ["https://example.com/docs"]],
    ["https://ja.wikipedia.org/wiki/日本", ["https://ja.wikipedia.org/wiki/日本"]],
    ["https://ja.wikipedia.org/wiki/C言語", ["https://ja.wikipedia.org/wiki/C言語"]],
    ["https://example.com/a_(b). Next", ["https://example.com/a_(b)"]],
    ["https://example.com/a_(b)を見る", ["https://example.com/a_(b)"]],
    ["(https://example.com/a)を見る", ["https://example.com/a"]],
    ["https://ja.wikipedia.org/wiki/ひらがな", ["https://ja.wikipedia.org/wiki/ひらがな"]],
    ["https://example.com/docs/を見る", ["https://example.com/docs/"]],
    ["https://example.com/から", ["https://example.com/"]],
  ])("ends an address before Japanese punctuation: %s", (text, addresses) => {
    const container = html(text);
    expect(container).toHaveTextContent(text);
    const links = [...container.querySelectorAll("a")];
    expect(links.map((link) => link.textContent)).toEqual(addresses);
    for (const link of links) {
      expect(decodeURI(link.href).replace(/\/$/, "")).toContain(link.textContent.replace(/\/$/, ""));
    }
  });

  it("keeps all of an address between angle brackets", () => {
    expect(decodeURI(html("<https://example.com/a。b>").querySelector("a")?.href ?? "")).toBe(
      "https://example.com/a。b",
    );
  });

  it.each(["HTTPS://example.com/", "[a](HTTPS://example.com/)", "[a][b]\n\n[b]: Https://example.com/"])(
    "links to an address whose scheme has capitals: %s",
    (text) => {
      expect(html(text).querySelector("a")).toHaveAttribute("href", "https://example.com/");
    },
  );

  it("shows the cells of a table row beyond its header", () => {
    expect(html("|a|\n|-|\n|1|2|3|").querySelectorAll("tr")).toHaveLength(2);
    expect([...html("|a|\n|-|\n|1|2|3|").querySelectorAll("td")].map((each) => each.textContent)).toEqual([
      "1",
      "2",
      "3",
    ]);
  });

  it.each([
    "API_KEY=<your-key>",
    "List<String> と Map<String, List<Integer>>",
    "<your-key>",
    "<div align='center'>text</div>",
    "a <!-- note --> b",
    "[TODO]: later",
    "[^1]: a note that nothing refers to",
    "<b>open",
    "a </i> b",
  ])("shows all of %s", (text) => {
    expect(html(text).textContent).toBe(text);
  });

  it("applies style tags and line breaks of HTML", () => {
    const container = html("H<sub>2</sub>O, <ruby>漢<rt>かん</rt></ruby>\n\n|a|\n|-|\n|x<br>y|");
    expect(container.querySelector("sub")).toHaveTextContent("2");
    expect(container.querySelector("ruby rt")).toHaveTextContent("かん");
    expect(container.querySelector("td br")).not.toBeNull();
  });

  it("leads from a footnote to its text and back, within the same text", () => {
    const scrolled: string[] = [];
    Element.prototype.scrollIntoView = function (this: Element) {
      scrolled.push(`${this.closest("[data-testid]")?.getAttribute("data-testid")} ${this.tagName}`);
    };
    render(
      ["one", "two"].map((name) => (
        <div key={name} data-testid={name} className="prose-reply">
          <Markdown unfinished={false} text={"A claim[^a].\n\n[^a]: The source."} />
        </div>
      )),
    );
    const nth = (name: string | RegExp) => screen.getAllByRole("link", { name }).at(-1) ?? document.body;
    fireEvent.click(nth("1"));
    fireEvent.click(nth(/Back to the text/));
    expect(scrolled).toEqual(["two LI", "two A"]);
    expect(screen.getAllByRole("link", { name: "1" })[0]).not.toHaveAttribute("target");
  });

  it("leads to the heading that a link names", () => {
    const scrolled: string[] = [];
    Element.prototype.scrollIntoView = function (this: Element) {
      scrolled.push(this.textContent);
    };
    render(
      <div className="prose-reply">
        <Markdown unfinished={false} text={"[目次](#1-概要)\n\n## 1. 概要"} />
      </div>,
    );
    fireEvent.click(screen.getByRole("link", { name: "目次" }));
    expect(scrolled).toEqual(["1. 概要"]);
  });

  it("keeps the line breaks of what a person typed", () => {
    expect(html("one\ntwo", true).querySelectorAll("br")).toHaveLength(1);
    expect(html("one\ntwo").querySelectorAll("br")).toHaveLength(0);
  });

  it.each([
    [">", 16_000],
    ["1. ", 5_000],
    ["- ", 8_000],
    ["> 1. ", 4_000],
    ["*a ", 5_000],
    ["[", 16_000],
    ["]", 16_000],
    ["![", 8_000],
    ["<", 16_000],
    ["**a", 5_000],
    ["`", 16_000],
    ["| ", 8_000],
    ["a\n=\n", 1_000],
    ["\\(", 8_000],
    ["[^a]", 4_000],
    ["[a]: b\n", 1_000],
    ["あ", 16_000],
    ["```\n", 1_000],
  ])("shows %j repeated %i times", async (unit, times) => {
    const text = unit.repeat(times);
    const container = html(text);
    await waitFor(() => expect(container.querySelectorAll("[data-waiting]")).toHaveLength(0), { timeout: 4_000 });
    expect(container.textContent.length).toBeGreaterThan(0);
    expect(deepest(container)).toBeLessThan(250);
  });

  it("shows text with one impossible block otherwise as Markdown", () => {
    const container = html(`**before**\n\n${">".repeat(2_000)} deep\n\n**after**`);
    expect([...container.querySelectorAll("strong")].map((each) => each.textContent)).toEqual(["before", "after"]);
    expect(container.textContent).toContain(">".repeat(2_000));
  });

  it("renders one piece of a long text per task, and each piece once while the text grows", async () => {
    const part = `${"word ".repeat(500)}\n\n`;
    const { container, rerender } = render(<Markdown unfinished text={part.repeat(8)} />);
    expect(container.querySelectorAll("[data-waiting]").length).toBeGreaterThan(2);
    await waitFor(() => expect(container.querySelectorAll("[data-waiting]")).toHaveLength(0));
    const first = container.querySelector("p");
    rerender(<Markdown unfinished text={part.repeat(9)} />);
    expect(container.querySelector("p")).toBe(first);
  });

  it("finds the links and footnotes of a long text in its pieces", async () => {
    const part = `${"word ".repeat(500)}[link][a] and a note[^n]\n\n`;
    const container = html(`${part.repeat(4)}[a]: https://example.com/\n[^n]: The note.\n`);
    await waitFor(() => expect(container.querySelectorAll('a[href="https://example.com/"]')).toHaveLength(4));
    expect(container.querySelectorAll("sup a").length).toBe(4);
    for (const link of container.querySelectorAll("sup a")) {
      expect(container.querySelector(`[id="${link.getAttribute("href")?.slice(1)}"]`)).not.toBeNull();
    }
  });
});

function deepest(root: Element): number {
  let level = [root];
  let depth = 0;
  for (; level.length > 0; depth += 1) level = level.flatMap((element) => [...element.children]);
  return depth;
}
