/** The worked example of docs/modules/datanet.md, done on a chain: every figure of it is looked up in the page. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { textRoot } from "../../../chain/types/text-tree.ts";
import { openingOf } from "../../../modules/datanet/segment-input.ts";
import { concat } from "../../../proto/bytes.ts";
import { SegmentPart } from "../../../proto/enums.gen.ts";
import { bytesOf, DatanetWorld, opening, record, START, words } from "../../support/datanet-world.ts";

const page = readFileSync(new URL("../../../docs/modules/datanet.md", import.meta.url), "utf8").replaceAll(/\s+/g, " ");

/** Numbers as the page prints them. */
function grouped(value: bigint | number): string {
  return value.toString().replace(/\B(?=(\d{3})+$)/g, ",");
}

function says(sentence: string): void {
  expect(page).toContain(sentence);
}

test("the worked example comes out as the page says", () => {
  const world = new DatanetWorld({}, { accessPrice: { denom: "uopen", amount: "2500" }, curationQuorum: 2 });
  const text = words("ann", 150);
  const copy = `${text} ${words("bob", 4)}`;
  world.contribute("ann", text);
  const first = world.record(1n);
  says(`It has ${first.fingerprintCount} fingerprint entries, all new: novelty ${grouped(first.noveltyPpm)} ppm`);
  says(`leaves her ${START - world.balance("ann")} uopen poorer`);

  const { fingerprint } = record(copy);
  const novelty = world.query("Novelty", { datanetId: 1n, fingerprint }, "tributary.datanet.v1.QueryNoveltyResponse");
  says(
    `Of ${novelty.entries} entries ${novelty.newEntries} are new: ${grouped(novelty.noveltyPpm)} ppm, below ${grouped(novelty.minNoveltyPpm)}`,
  );
  expect(world.refused("bob", "MsgContribute", { datanetId: 1n, records: [record(copy)] })).toBe("datanet/12");
  world.contribute("bob", record(copy, { fingerprint: new Uint8Array(0) }));
  says(`His bond is ${START - world.balance("bob")} uopen`);

  const run = words("ann", 40);
  const [shown, source] = [opening(copy, run), opening(text, run)];
  expect([shown.chunks.length, shown.path.length]).toEqual([source.chunks.length, source.path.length]);
  says(
    `opens 40 tokens that stand in both records, ${shown.chunks.length} bytes of each text and ${shown.path.length} hashes`,
  );
  world.ok("carol", "MsgChallengeDuplicate", { datanetId: 1n, number: 2n, earlier: 1n, copy: shown, original: source });
  const bounty = world.balance("carol") - START;
  says(`Carol gets ${bounty} uopen, and ${1000n - bounty} are burned`);

  world.ok("scorer", "MsgTakedown", { datanetId: 1n, number: 1n, reason: "mine" });
  says(`bonds ${grouped(START - world.balance("scorer"))} uopen`);
  const before = world.balance("ann");
  world.ok("ann", "MsgCounterNotice", { noticeId: 1n, statement: "I wrote it." });
  world.ok("owner", "MsgDecideTakedown", { noticeId: 1n, uphold: false });
  says(`the stranger's ${grouped(world.balance("ann") - before)} too`);
  const again = world.ok("scorer", "MsgTakedown", { datanetId: 1n, number: 1n, reason: "mine" });
  const { bond } = world.answer("tributary.datanet.v1.MsgTakedownResponse", again);
  says(`would cost ${grouped(BigInt(bond.amount))}`);
  world.ok("ann", "MsgCounterNotice", { noticeId: 2n, statement: "I wrote it." });

  const counts = {
    requiredCells: 4,
    presentCells: 3,
    auditedItems: 10,
    correctItems: 9,
    checkedRules: 8,
    brokenRules: 2,
  };
  world.ok("scorer", "MsgScoreRecord", { datanetId: 1n, number: 1n, ...counts });
  world.ok("curator", "MsgCurate", { datanetId: 1n, number: 1n, approve: true });
  world.pass(7_776_000n);
  const { scorecard } = world.query(
    "Scorecard",
    { datanetId: 1n, number: 1n },
    "tributary.datanet.v1.QueryScorecardResponse",
  );
  const card = Object.entries(scorecard).filter(([name]) => name.endsWith("Ppm"));
  says(card.map(([name, ppm]) => `${name.slice(0, -3)} ${grouped(ppm)}`).join(", "));

  world.ok("bob", "MsgBuyDataTokens", { datanetId: 1n, units: "4", maxPrice: { denom: "uopen", amount: "10000" } });
  world.ok("bob", "MsgSpendDataTokens", { datanetId: 1n, units: "3" });
  const { supply } = world.query("TokenSupply", { datanetId: 1n }, "tributary.datanet.v1.QueryTokenSupplyResponse");
  const left = world.balance("bob", "data/1");
  says(`supply ${left}, minted ${supply.minted}, burned ${supply.burned}`);

  const sealed = concat(bytesOf(text), Uint8Array.of(0));
  const curator = world.balance("curator");
  world.ok("curator", "MsgSealSegment", { datanetId: 1n, last: 1n, textRoot: textRoot(sealed) });
  says(`seals Ann's record as a segment, bonded with ${grouped(curator - world.balance("curator"))} uopen`);
  const asked = { datanetId: 1n, segment: 1n, part: SegmentPart.SEGMENT_PART_TEXT, offset: 300n, number: 1n };
  const bob = world.balance("bob");
  world.ok("bob", "MsgDemandOpening", asked);
  says(`demands to see a byte of it and bonds ${grouped(bob - world.balance("bob"))}.`);
  const answer = openingOf(sealed, 290, 200);
  const reward = world.balance("curator");
  world.ok("curator", "MsgAnswerDemand", { demandId: 1n, opening: answer });
  const paid = world.balance("curator") - reward;
  says(
    `shows ${answer.chunks.length} bytes with ${answer.path.length} hashes: it gets ${paid} uopen, ${10_000n - paid} are burned`,
  );

  world.contribute("carol", words("carol", 60));
  world.ok("curator", "MsgSealSegment", { datanetId: 1n, last: 3n, textRoot: new Uint8Array(32) });
  const demanding = world.balance("bob");
  world.ok("bob", "MsgDemandOpening", { ...asked, segment: 2n, number: 3n });
  const bonded = demanding - world.balance("bob");
  world.pass(3600n);
  says(`Bob has his ${grouped(bonded)} back and ${grouped(world.balance("bob") - demanding)} more`);
  expect(bytesOf(text).length).toBe(Number(first.length));
});
