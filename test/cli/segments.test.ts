// Sealing from a shell: what to seal for the texts a home keeps, whether a segment is what they say, and openings that answer demands.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { rawCidText } from "../../chain/types/cid.ts";
import { tokenize } from "../../chain/types/lexer.ts";
import { textRoot } from "../../chain/types/text-tree.ts";
import { nativeMessage } from "../../client/registry.ts";
import { ShellChain } from "./shell-chain.ts";

let shell: ShellChain;
const TEXTS = [
  `${"A text of several chunks, with words that come again. ".repeat(20)}\n`,
  "A short one, for the end of all.\n",
];

beforeAll(async () => {
  shell = await ShellChain.start(["owner", "ivan"]);
  await shell.created(await shell.party("owner"), "texts");
  mkdirSync(join(shell.work.path, "texts"));
  for (const [i, text] of TEXTS.entries()) writeFileSync(join(shell.work.path, "texts", `${i}.txt`), text);
  await shell.ok("contribute", "texts", "--from", "ivan", "--datanet", "texts", "--node", shell.rpc, "--yes");
});

afterAll(async () => {
  await shell?.stop();
});

describe("a home that keeps the texts", () => {
  /** The suffix array as modules/datanet/README.md says, by comparing what follows each token. */
  function suffixArray(text: Buffer): Uint8Array {
    const suffix = (at: number) => text.subarray(at, at + 256);
    const order = [...tokenize(text).starts].sort((a, b) => Buffer.compare(suffix(a), suffix(b)) || a - b);
    const bytes = Buffer.alloc(order.length * 4);
    for (const [i, at] of order.entries()) bytes.writeUInt32BE(at, i * 4);
    return new Uint8Array(bytes);
  }

  const sent = async (...words: string[]): Promise<void> => {
    const flags = ["--from", "owner", "--gas", "5000000", "--yes", "--node", shell.rpc, "-o", "json"];
    const { txhash } = JSON.parse(await shell.ok("tx", "datanet", ...words, ...flags)) as { txhash: string };
    await shell.ok("query", "wait-tx", txhash, "--node", shell.rpc);
  };

  test("says what to seal, checks what was sealed, and shows what is demanded of it", async () => {
    const text = Buffer.concat(TEXTS.flatMap((one) => [Buffer.from(one), Buffer.of(0)]));
    const index = suffixArray(text);
    const run = JSON.parse(await shell.ok("data", "segment", "texts", "--node", shell.rpc, "-o", "json")) as Record<
      string,
      string
    >;
    const hexOf = (bytes: Uint8Array) => Buffer.from(textRoot(bytes)).toString("hex");
    expect(run).toMatchObject({ last: "2", text_root: hexOf(text), index_root: hexOf(index) });
    await sent(
      ...["seal-segment", "1", run.last!, run.text_root!],
      ...["--index-root", run.index_root!, "--index-count", run.index_count!],
    );
    const checked = await shell.ok("data", "segment", "texts", "--segment", "1", "--node", shell.rpc, "-o", "json");
    expect(JSON.parse(checked)).toMatchObject({ text: true, index: true });

    const ivan = await shell.party("ivan");
    const demands = [
      ["text", 1, 700],
      ["index", 2, 90],
    ] as const;
    for (const [part, number, offset] of demands) {
      const demand = {
        challenger: ivan.address,
        datanetId: 1n,
        segment: 1n,
        part: number,
        offset: BigInt(offset),
        number: part === "text" ? 1n : 0n,
      };
      await shell.session.send(ivan, [nativeMessage("tributary.datanet.v1.MsgDemandOpening", demand)]);
      const opening = await shell.ok("data", "opening", "texts", "1", `${offset}`, "--part", part, "--node", shell.rpc);
      await sent("answer-demand", `${number}`, "--opening", opening.trim());
    }
    const { demands: waiting } = await shell.session.query("tributary.datanet.v1.Query/Demands", {
      datanetId: 1n,
      segment: 1n,
    });
    expect(waiting).toEqual([]);
    // And all that waits at once, by one command.
    const more = [5n, 600n].map((offset) =>
      nativeMessage("tributary.datanet.v1.MsgDemandOpening", {
        ...{ challenger: ivan.address, datanetId: 1n, segment: 1n, part: 1, offset, number: 1n },
      }),
    );
    await shell.session.send(ivan, more);
    const answered = await shell.ok("data", "answer", "texts", "--from", "owner", "--node", shell.rpc, "-o", "json");
    expect(JSON.parse(answered)).toMatchObject([{ demands: 2 }]);
    const left = await shell.session.query("tributary.datanet.v1.Query/Demands", { datanetId: 1n, segment: 1n });
    expect(left.demands).toEqual([]);
    const beyond = await shell.command("data", "opening", "texts", "1", "99999", "--node", shell.rpc);
    expect(beyond.stderr).toMatch(/cannot be shown/);
  });

  test("says which text it lacks", async () => {
    const { record } = await shell.session.query("tributary.datanet.v1.Query/Record", { datanetId: 1n, number: 1n });
    const cid = rawCidText(record.contentHash);
    await shell.ok("data", "unpin", cid);
    await shell.ok("data", "remove", cid);
    const lacking = await shell.command("data", "segment", "texts", "--segment", "1", "--node", shell.rpc);
    expect([lacking.code, lacking.stderr]).toEqual([
      1,
      expect.stringMatching(/text of record 1 is not here \(bafkrei.*data fetch/),
    ]);
  });
});
