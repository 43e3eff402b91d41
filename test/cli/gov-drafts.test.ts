// `tx gov draft-proposal` and `tx gov submit-legacy-proposal`. Files and messages are those that simd's commands make (x/gov/client/cli/prompt.go, tx.go;
// x/params/client/cli/tx.go), written out.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fromBech32, toBech32 } from "@cosmjs/encoding";
import { afterAll, describe, expect, test } from "vitest";
import { run } from "./harness.ts";

const folder = mkdtempSync(join(tmpdir(), "gov-drafts-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

// The SDK's tests know gov's account by this address.
const authority = toBech32("trib", fromBech32("cosmos10d07y265gmmuvt4z0w9aw880jnsr700j6zn9kn").data);
const alice = toBech32("trib", fromBech32("cosmos1fl48vsnmsdzcv85q5d2q4z5ajdha8yu34mf0eh").data);

const draft = (answers: readonly string[], ...args: readonly string[]) =>
  run(["tx", "gov", "draft-proposal", ...args], { input: `${answers.join("\n")}\n`, folder });
const read = (name: string) => readFileSync(join(folder, name), "utf8");

/** Go's json.MarshalIndent with one space. */
const indented = (value: unknown) => JSON.stringify(value, undefined, 1);

describe("tx gov draft-proposal", () => {
  const said = ["A title", "Ada", "A summary", "All about it", "https://forum.example/1", "Yes means yes"];
  const proposal = {
    metadata: "ipfs://CID",
    deposit: "10uopen",
    title: "A title",
    summary: "A summary",
    expedited: false,
  };

  test("writes a proposal without messages and its metadata from what is piped in", async () => {
    const { code, stdout, stderr } = await draft(["text", ...said, "10uopen"]);
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout.split("\n")[0]).toBe("The draft proposal has successfully been generated.");
    expect(read("draft_proposal.json")).toBe(indented(proposal));
    expect(read("draft_metadata.json")).toBe(
      indented({
        title: "A title",
        authors: ["Ada"],
        summary: "A summary",
        details: "All about it",
        proposal_forum_url: "https://forum.example/1",
        vote_option_context: "Yes means yes",
      }),
    );
  });

  test.each([
    {
      answers: ["software-upgrade", "A title", "A summary", "10uopen", ""],
      message: {
        "@type": "/cosmos.upgrade.v1beta1.MsgSoftwareUpgrade",
        authority,
        plan: { name: "", time: "0001-01-01T00:00:00Z", height: "0", info: "", upgraded_client_state: null },
      },
    },
    {
      answers: ["2", "A title", "A summary", "10uopen", "", alice],
      message: {
        "@type": "/cosmos.distribution.v1beta1.MsgCommunityPoolSpend",
        authority,
        recipient: alice,
        amount: [],
      },
    },
    {
      answers: ["other", "/cosmos.gov.v1.MsgVote", "A title", "A summary", "10uopen", "7", alice, "why"],
      message: {
        "@type": "/cosmos.gov.v1.MsgVote",
        proposal_id: "7",
        voter: alice,
        option: "VOTE_OPTION_UNSPECIFIED",
        metadata: "why",
      },
    },
  ])("writes a skeleton of what $answers.0 means, which submit-proposal takes", async ({ answers, message }) => {
    rmSync(join(folder, "draft_metadata.json"), { force: true });
    expect(await draft(answers, "--skip-metadata")).toMatchObject({ code: 0, stderr: "" });
    expect(read("draft_proposal.json")).toBe(indented({ messages: [message], ...proposal }));
    expect(() => read("draft_metadata.json")).toThrow("ENOENT");
    const flags = ["--from", alice, "--generate-only", "--offline"];
    const taken = await run(["tx", "gov", "submit-proposal", join(folder, "draft_proposal.json"), ...flags]);
    expect(JSON.parse(taken.stdout).body.messages[0].messages).toEqual([message]);
  });

  test.each([
    { answers: ["poem"], why: '"poem" is none of them: text, community-pool-spend' },
    { answers: ["text", ""], why: "Enter proposal title: it cannot be empty" },
    { answers: ["text", ...said, "ten"], why: "Enter proposal deposit" },
    { answers: ["community-pool-spend", ...said, "1uopen", "", "nobody"], why: "Enter msg recipient" },
    { answers: ["text", "A title"], why: "the input ended where an answer was expected" },
  ])("writes nothing when $why", async ({ answers, why }) => {
    rmSync(join(folder, "draft_proposal.json"), { force: true });
    const { code, stderr } = await draft(answers);
    expect([code, stderr]).toEqual([2, expect.stringContaining(why)]);
    expect(() => read("draft_proposal.json")).toThrow("ENOENT");
  });
});

describe("tx gov submit-legacy-proposal", () => {
  const submit = (...args: readonly string[]) =>
    run(["tx", "gov", "submit-legacy-proposal", ...args, "--from", alice, "--generate-only", "--offline"], { folder });
  const file = (name: string, value: unknown) => {
    writeFileSync(join(folder, name), JSON.stringify(value));
    return name;
  };
  const messagesOf = async (...args: readonly string[]) => {
    const { code, stdout, stderr } = await submit(...args);
    expect([code, stderr]).toEqual([0, ""]);
    return JSON.parse(stdout).body.messages;
  };
  const message = (content: object, amount: string) => [
    {
      "@type": "/cosmos.gov.v1beta1.MsgSubmitProposal",
      content,
      initial_deposit: [{ denom: "uopen", amount }],
      proposer: alice,
    },
  ];
  const text = {
    "@type": "/cosmos.gov.v1beta1.TextProposal",
    title: "Test Proposal",
    description: "My awesome proposal",
  };

  test("makes a text proposal of flags or of a file", async () => {
    const said = ["--title", text.title, "--description", text.description, "--deposit", "10uopen"];
    expect(await messagesOf(...said, "--type", "Text")).toEqual(message(text, "10"));
    expect(await messagesOf(...said, "--type", "text")).toEqual(message(text, "10"));
    const { "@type": _, ...rest } = text;
    const path = file("text.json", { ...rest, type: "Text", deposit: "10uopen" });
    expect(await messagesOf("--proposal", path)).toEqual(message(text, "10"));
    expect((await submit("--proposal", path, "--title", "x")).stderr).toContain(
      "--title says nothing beside --proposal",
    );
    expect((await submit(...said, "--type", "Poem")).stderr).toContain('no proposal of type "Poem"');
    expect((await submit(...said)).stderr).toContain("the proposal has no type");
  });

  test("makes a proposal of parameters, their values as JSON text", async () => {
    const changes = [
      { subspace: "staking", key: "MaxValidators", value: 105 },
      { subspace: "gov", key: "votingparams", value: { voting_period: "1" } },
    ];
    const path = file("params.json", { title: "Change", description: "More", changes, deposit: "1000uopen" });
    const content = {
      "@type": "/cosmos.params.v1beta1.ParameterChangeProposal",
      ...{ title: "Change", description: "More" },
      changes: [
        { subspace: "staking", key: "MaxValidators", value: "105" },
        { subspace: "gov", key: "votingparams", value: '{"voting_period":"1"}' },
      ],
    };
    expect(await messagesOf("param-change", path)).toEqual(message(content, "1000"));
    const broken = await submit("param-change", file("broken.json", { title: "x", changes: [{ subspcae: "y" }] }));
    expect(broken.code).toBe(2);
    expect(broken.stderr).toContain("subspcae");
  });
});
