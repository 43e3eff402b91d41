// A chain of one validator in this process, and a shell beside it: commands run in the chain's home, where the keys of the named
// accounts are. Owns starting and stopping, and no expectation.
import { ChainSession, type Party } from "../../attribution/chain-session.ts";
import { AddressCodec } from "../../chain/types/address.ts";
import { openKeyring } from "../../cli/keys/keyring.ts";
import { nativeMessage } from "../../client/registry.ts";
import type { RunningNode } from "../../node/main.ts";
import { type ChainHome, chainHome } from "../e2e/chain-home.ts";
import { startIn } from "../e2e/nodes.ts";
import { accountOf } from "../support/chain-harness.ts";
import { type Outcome, type RunOptions, run, type TemporaryHome, temporaryHome } from "./harness.ts";

export class ShellChain {
  /** The working directory of the commands. */
  readonly work: TemporaryHome;
  /** The home of validator and commands. */
  readonly home: ChainHome;
  readonly node: RunningNode;
  readonly session: ChainSession;

  private constructor(work: TemporaryHome, home: ChainHome, node: RunningNode, session: ChainSession) {
    this.work = work;
    this.home = home;
    this.node = node;
    this.session = session;
  }

  /** Unless told otherwise blocks are far enough apart that what happens between two of them can be looked at. */
  static async start(names: readonly string[], timeoutCommitMs = 300): Promise<ShellChain> {
    const codec = new AddressCodec("trib");
    const addresses = names.map((name) => codec.account(accountOf(name).bytes));
    const home = await chainHome({ apiEnabled: false, grpcEnabled: false, timeoutCommitMs }, 1, addresses);
    const keyring = openKeyring("test", home.path);
    for (const name of names) await keyring.addLocal(name, accountOf(name).privateKey);
    const node = await startIn(home);
    const session = await ChainSession.connect({ rpcUrl: node.rpcUrl, prefix: "trib", gasPrice: "0uopen" });
    return new ShellChain(temporaryHome(), home, node, session);
  }

  /** As --node takes it. */
  get rpc(): string {
    return this.node.rpcUrl.replace("http", "tcp");
  }

  get options(): RunOptions {
    return { folder: this.work.path, env: { TRIBUTARYD_CHAIN_ID: this.home.chainId } };
  }

  party(name: string): Promise<Party> {
    return this.session.party(accountOf(name));
  }

  /** Opens a datanet. */
  async created(owner: Party, name: string, changes: object = {}): Promise<void> {
    const terms = { owner: owner.address, name, licence: "CC0-1.0", admission: 1, ...changes };
    await this.session.send(owner, [nativeMessage("tributary.datanet.v1.MsgCreateDatanet", terms)]);
  }

  command(...words: readonly string[]): Promise<Outcome> {
    return run([...words, "--home", this.home.path], this.options);
  }

  /** What a command that must succeed prints. */
  async ok(...words: readonly string[]): Promise<string> {
    const outcome = await this.command(...words);
    if (outcome.code !== 0) throw new Error(`${words.join(" ")} ended with ${outcome.code}: ${outcome.stderr}`);
    return outcome.stdout;
  }

  async stop(): Promise<void> {
    this.session.disconnect();
    await this.node.stop();
    this.home.remove();
    this.work.remove();
  }
}
