import { type RefObject, useEffect, useLayoutEffect, useRef, useState } from "react";

const NEAR_PX = 48;

/**
 * Keeps a scrolling box at its end while the reader is there, and in place when they read further up,
 * whether text grows below or earlier rows (a new `firstKey`) appear above.
 */
export function useStickToBottom(
  box: RefObject<HTMLElement | null>,
  content: RefObject<HTMLElement | null>,
  firstKey: string,
) {
  const [atBottom, setAtBottom] = useState(true);
  const sticking = useRef(true);
  const height = useRef(0);

  const toBottom = () => {
    sticking.current = true;
    setAtBottom(true);
    if (box.current) box.current.scrollTop = box.current.scrollHeight;
  };

  useEffect(() => {
    const element = box.current;
    if (!element || !content.current) return;
    const onScroll = () => {
      const near = element.scrollHeight - element.scrollTop - element.clientHeight < NEAR_PX;
      sticking.current = near;
      setAtBottom(near);
    };
    const observer = new ResizeObserver(() => {
      height.current = element.scrollHeight;
      if (sticking.current) element.scrollTop = element.scrollHeight;
    });
    element.addEventListener("scroll", onScroll, { passive: true });
    observer.observe(content.current);
    observer.observe(element);
    return () => {
      element.removeEventListener("scroll", onScroll);
      observer.disconnect();
    };
  }, [box, content]);

  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return;
    if (sticking.current) element.scrollTop = element.scrollHeight;
    else if (height.current > 0) element.scrollTop += element.scrollHeight - height.current;
    height.current = element.scrollHeight;
  }, [box, firstKey]);

  return { atBottom, toBottom };
}
