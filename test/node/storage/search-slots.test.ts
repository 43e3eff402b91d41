/** How many searches run at once, who waits, who is refused. */
import { expect, test } from "vitest";
import { SearchTooBroadError } from "../../../node/storage/event-search.ts";
import { SearchSlots } from "../../../node/storage/search-slots.ts";

function controlled() {
  const running: string[] = [];
  const ends = new Map<string, (fail: boolean) => void>();
  const search = (name: string) => () => {
    running.push(name);
    return new Promise<string>((resolve, reject) => {
      ends.set(name, (fail) => (fail ? reject(new Error(`${name} failed`)) : resolve(name)));
    });
  };
  return { running, search, end: (name: string, fail = false) => ends.get(name)?.(fail) };
}

test("so many run at once; the others wait in their order, and one too many is refused", async () => {
  const { running, search, end } = controlled();
  const slots = new SearchSlots({ atOnce: 2, waiting: 2 });
  const all = ["a", "b", "c", "d"].map((name) => slots.run(search(name)));
  await expect(slots.run(search("e"))).rejects.toThrow(SearchTooBroadError);
  expect(running).toEqual(["a", "b"]);
  end("b");
  expect(await all[1]).toBe("b");
  expect(running).toEqual(["a", "b", "c"]);
  end("a");
  await all[0];
  end("c");
  end("d");
  expect(await Promise.all(all)).toEqual(["a", "b", "c", "d"]);
});

test("a search that fails gives its place back", async () => {
  const { running, search, end } = controlled();
  const slots = new SearchSlots({ atOnce: 1, waiting: 1 });
  const [first, second] = [slots.run(search("first")), slots.run(search("second"))];
  end("first", true);
  await expect(first).rejects.toThrow("first failed");
  end("second");
  expect(await second).toBe("second");
  const third = slots.run(search("third"));
  end("third");
  expect(await third).toBe("third");
  expect(running).toEqual(["first", "second", "third"]);
});
