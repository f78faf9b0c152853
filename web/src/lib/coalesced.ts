/** A way to ask for `work` as often as one likes: it runs once at a time, and once more for all who asked meanwhile. */
export function coalesced(work: () => Promise<void>): () => void {
  let asked = 0;
  let answered = 0;
  let working = false;
  const run = async () => {
    working = true;
    while (answered !== asked) {
      answered = asked;
      await work();
    }
    working = false;
  };
  return () => {
    asked += 1;
    if (!working) void run();
  };
}
