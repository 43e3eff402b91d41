// What clients of a simulated chain do: payments, delegations, validators that join by staking and leave by unbonding,
// and what bad clients send: the same transaction twice, to several nodes, two for one sequence, and junk. Owns the
// choice of transactions; accounts and signatures are chain-host.ts.

import type { Application } from "../../chain/app/abci.ts";
import { hex, utf8 } from "../../proto/bytes.ts";
import {
  accounts,
  createValidatorMessage,
  DENOM,
  operatorOf,
  POWER_COINS,
  type SimAccount,
  type SimMessage,
  sequenceOf,
  signedTx,
  USERS,
  validatorAddress,
} from "./chain-host.ts";
import type { SimNode } from "./node.ts";
import { Random } from "./random.ts";
import { CHAIN_ID, type World } from "./world.ts";

export interface WorkloadOptions {
  readonly seed: number;
  /** Transactions per virtual second. */
  readonly perSecond: number;
  /** Whether the chain runs the key-value toy. */
  readonly toy: boolean;
  /** Validators that users delegate to: correct ones, so that no liar's share grows. */
  readonly trusted: readonly number[];
  /** Nodes that will stake and join, with the power they will have. */
  readonly joiners: readonly { readonly node: number; readonly power: bigint }[];
  /** Validators that will withdraw all they staked, with their power. */
  readonly leavers: readonly { readonly node: number; readonly power: bigint }[];
}

export class Workload {
  readonly #world: World;
  readonly #options: WorkloadOptions;
  readonly #random: Random;
  readonly #sent: Uint8Array[] = [];
  readonly #joining: WorkloadOptions["joiners"][number][];
  readonly #leaving: WorkloadOptions["leavers"][number][];
  /** Once true nobody joins or leaves any more. */
  settled = false;
  submitted = 0;

  constructor(world: World, options: WorkloadOptions) {
    this.#world = world;
    this.#options = options;
    this.#random = new Random(options.seed);
    this.#joining = [...options.joiners];
    this.#leaving = [...options.leavers];
    const again = (): void => {
      this.#act();
      world.schedule(this.#random.between(0.2, 1.8) * (1_000 / options.perSecond), again);
    };
    world.schedule(this.#random.between(0, 500), again);
  }

  #act(): void {
    const random = this.#random;
    const up = this.#world.nodes.filter((node) => node.application !== undefined && node.height > 0n);
    const node = up[random.below(up.length)];
    if (node?.application === undefined) return;
    const fate = random.next();
    if (fate < 0.05) node.submit(junk(random));
    else if (fate < 0.12 && this.#sent.length > 0) node.submit(random.pick(this.#sent));
    else if (fate < 0.25 && !this.settled && this.#churn(node.application)) return;
    else if (this.#options.toy) this.#put(up);
    else if (fate < 0.35) this.#send(up, node.application, this.#delegation());
    else this.#send(up, node.application, this.#payment());
  }

  /** A validator to be joins, or one leaves. False when nobody is left to. */
  #churn(application: Application): boolean {
    const random = this.#random;
    const list = random.chance(0.5) ? this.#joining : this.#leaving;
    const chosen = list[random.below(list.length)];
    if (chosen === undefined) return false;
    const { node, power } = chosen;
    const message: SimMessage =
      list === this.#joining
        ? createValidatorMessage(node, power)
        : stake("Undelegate", operatorOf(node), operatorOf(node), power * POWER_COINS);
    // The same message may be sent again: the second is refused by the application, which is as good a test.
    if (random.chance(0.7)) list.splice(list.indexOf(chosen), 1);
    const tx = this.#options.toy
      ? setPower(this.#world.node(node), list === this.#joining ? power : 0n)
      : this.#sign(application, operatorOf(node), message);
    for (const peer of this.#world.nodes) if (tx !== undefined) peer.submit(tx);
    return true;
  }

  /** A new value for a key of the toy. */
  #put(up: readonly SimNode[]): void {
    const random = this.#random;
    const tx = utf8(`k${random.below(50)}=${this.submitted++}`);
    this.#sent.push(tx);
    for (let copies = random.chance(0.2) ? 2 : 1; copies > 0; copies--) random.pick(up).submit(tx);
  }

  #delegation(): { from: SimAccount; message: SimMessage } {
    const random = this.#random;
    const from = accounts[random.below(USERS)] as SimAccount;
    const to = operatorOf(random.pick(this.#options.trusted));
    // Shares of a unit of power too: power moves only now and then.
    const amount = BigInt(1 + random.below(20)) * (POWER_COINS / 10n);
    if (random.chance(0.2)) {
      const value = {
        delegatorAddress: from.address,
        validatorSrcAddress: validatorAddress(operatorOf(random.pick(this.#options.trusted))),
        validatorDstAddress: validatorAddress(to),
        amount: { denom: DENOM, amount: amount.toString() },
      };
      return { from, message: ["cosmos.staking.v1beta1.MsgBeginRedelegate", value] };
    }
    return { from, message: stake(random.chance(0.7) ? "Delegate" : "Undelegate", from, to, amount) };
  }

  #payment(): { from: SimAccount; message: SimMessage } {
    const random = this.#random;
    const from = random.pick(accounts);
    const amount = (random.chance(0.05) ? 10n ** 15n : BigInt(1 + random.below(1_000_000))).toString();
    const value = {
      fromAddress: from.address,
      toAddress: random.pick(accounts).address,
      amount: [{ denom: DENOM, amount }],
    };
    return { from, message: ["cosmos.bank.v1beta1.MsgSend", value] };
  }

  #send(up: readonly SimNode[], application: Application, what: { from: SimAccount; message: SimMessage }): void {
    const tx = this.#sign(application, what.from, what.message);
    if (tx === undefined) return;
    this.#random.pick(up).submit(tx);
    if (this.#random.chance(0.2)) this.#random.pick(up).submit(tx);
  }

  #sign(application: Application, from: SimAccount, message: SimMessage): Uint8Array | undefined {
    const sequence = sequenceOf(application, from);
    if (sequence === undefined) return undefined;
    const tx = signedTx(from, message, { chainId: CHAIN_ID, sequence, memo: `${this.submitted++}` });
    this.#sent.push(tx);
    return tx;
  }
}

/** What changes a validator of the toy. */
function setPower(node: SimNode, power: bigint): Uint8Array | undefined {
  const key = node.key?.publicKey.ed25519;
  return key && utf8(`val:${hex(key)}=${power}`);
}

function stake(kind: "Delegate" | "Undelegate", from: SimAccount, to: SimAccount, amount: bigint): SimMessage {
  const value = {
    delegatorAddress: from.address,
    validatorAddress: validatorAddress(to),
    amount: { denom: DENOM, amount: amount.toString() },
  };
  return [`cosmos.staking.v1beta1.Msg${kind}`, value];
}

function junk(random: Random): Uint8Array {
  return random.chance(0.5)
    ? utf8("no transaction")
    : Uint8Array.from({ length: random.below(80) }, () => random.below(256));
}
