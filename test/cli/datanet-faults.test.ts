// A datanet watched from a shell: what the texts of a home show to be false is told, challenged with a key, by hand or by the watcher,
// and demands about one's own segments are answered by the programs that run anyway.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { nativeMessage } from "../../client/registry.ts";
import { RecordStatus } from "../../proto/enums.gen.ts";
import { bytesOf, record, words } from "../support/datanet-world.ts";
import { start } from "./harness.ts";
import { ShellChain } from "./shell-chain.ts";

let shell: ShellChain;
const NONE = new Uint8Array(0);
const HONEST = words("honest", 80);
/** What others contribute, whose texts this home is given. */
const HIDDEN = [words("hidden", 80), words("quiet", 80)];

beforeAll(async () => {
  shell = await ShellChain.start(["owner", "ann", "bob", "ivan"], 50);
  await shell.created(await shell.party("owner"), "texts");
  mkdirSync(join(shell.work.path, "texts"));
  writeFileSync(join(shell.work.path, "texts", "1.txt"), HONEST);
  await shell.ok("contribute", "texts", "--from", "ann", "--datanet", "texts", "--node", shell.rpc, "--yes");
}, 60_000);

afterAll(async () => {
  await shell?.stop();
});

/** Contributes a text under an empty fingerprint and keeps it here. */
async function hidden(text: string): Promise<void> {
  const bob = await shell.party("bob");
  await shell.session.send(
    bob,
    [
      nativeMessage("tributary.datanet.v1.MsgJoin", { member: bob.address, datanetId: 1n }),
      nativeMessage("tributary.datanet.v1.MsgContribute", {
        ...{ contributor: bob.address, datanetId: 1n, records: [record(text, { fingerprint: NONE })] },
      }),
    ].slice(text === HIDDEN[0] ? 0 : 1),
  );
  const file = join(shell.work.path, "kept.txt");
  writeFileSync(file, bytesOf(text));
  await shell.ok("data", "add", file);
}

async function statusOf(number: bigint) {
  return (await shell.session.query("tributary.datanet.v1.Query/Record", { datanetId: 1n, number })).record.status;
}

const node = () => ["--node", shell.rpc];

describe("a false fingerprint", () => {
  test("is told with its challenge, and challenged with a key; the second time there is nothing left to find", async () => {
    await hidden(HIDDEN[0]!);
    const told = JSON.parse(await shell.ok("data", "faults", "texts", ...node(), "-o", "json"));
    expect(told).toMatchObject({
      records: 2,
      segments: 0,
      faults: [
        {
          ...{ kind: "record", number: "2", is: "found", reason: expect.stringContaining("missing") },
          challenge: { "@type": "/tributary.datanet.v1.MsgChallengeFingerprint", number: "2", datanet_id: "1" },
        },
      ],
    });
    expect(await statusOf(2n)).toBe(RecordStatus.RECORD_STATUS_PENDING);
    const challenging = ["data", "faults", "texts", "--challenge", "--from", "ivan", ...node(), "-o", "json"];
    expect(JSON.parse(await shell.ok(...challenging))).toMatchObject({ faults: [{ number: "2", is: "challenged" }] });
    expect(await statusOf(2n)).toBe(RecordStatus.RECORD_STATUS_MISDECLARED);
    expect(JSON.parse(await shell.ok(...challenging))).toMatchObject({ records: 1, faults: [] });
  }, 60_000);

  test("is challenged by the watcher of the datanet by itself", async () => {
    await hidden(HIDDEN[1]!);
    const watched = await shell.ok("watch", "--once", "--datanets", "texts", "--from", "ivan", ...node());
    expect(watched).toMatch(/record 1\/3 was challenged: its fingerprint is not its text's/);
    expect(await statusOf(3n)).toBe(RecordStatus.RECORD_STATUS_MISDECLARED);
    expect(await shell.ok("watch", "--once", "--datanets", "1", "--from", "ivan", ...node())).not.toContain(
      "record 1/",
    );
  }, 60_000);
});

describe("a demand about a segment", () => {
  test("is answered for its sealer by host and watch, and for anyone by data answer", async () => {
    const sealing = ["data", "segment", "texts", "--seal", "--from", "owner", ...node(), "-o", "json"];
    expect(JSON.parse(await shell.ok(...sealing))).toMatchObject({
      records: 1,
      tx_hash: expect.stringMatching(/^[0-9A-F]{64}$/),
    });
    const ivan = await shell.party("ivan");
    mkdirSync(join(shell.work.path, "served"));
    const ways = [
      ["host", "--once", "--uses", join(shell.work.path, "served"), "--from", "owner"],
      ["watch", "--once", "--datanets", "texts", "--from", "owner"],
      ["data", "answer", "texts", "--from", "ann"],
    ];
    for (const [i, way] of ways.entries()) {
      const demand = { challenger: ivan.address, datanetId: 1n, segment: 1n, part: 1, offset: 7n, number: 1n };
      await shell.session.send(ivan, [nativeMessage("tributary.datanet.v1.MsgDemandOpening", demand)]);
      const { stdout, stderr, code } = await shell.command(...way, ...node());
      expect([code, stdout + stderr]).toEqual([0, expect.stringContaining(`demand ${i + 1} was answered`)]);
      const { demands } = await shell.session.query("tributary.datanet.v1.Query/Demands", {});
      expect(demands).toEqual([]);
    }
  }, 90_000);

  test("is answered whenever it comes by a data answer that stays, until it is asked to stop", async () => {
    const staying = ["data", "answer", "texts", "--stay", "--from", "owner", "--poll", "1", ...node()];
    const child = start([...staying, "--home", shell.home.path], shell.options);
    const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
    let told = "";
    const heard = (line: string) =>
      new Promise<void>((resolve) =>
        child.stdout?.on("data", (chunk: Buffer) => {
          told += chunk.toString("utf8");
          if (told.includes(line)) resolve();
        }),
      );
    const ivan = await shell.party("ivan");
    for (const id of [4, 5]) {
      const answered = heard(`demand ${id} was answered`);
      const demand = { challenger: ivan.address, datanetId: 1n, segment: 1n, part: 2, offset: 9n, number: 0n };
      await shell.session.send(ivan, [nativeMessage("tributary.datanet.v1.MsgDemandOpening", demand)]);
      await answered;
    }
    child.kill("SIGTERM");
    expect(await ended).toBe(0);
  }, 60_000);
});
