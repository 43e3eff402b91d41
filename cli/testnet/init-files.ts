// Owns the files of a network of validators made in one step, in simd's layout: a home for each node, an account for each
// validator with its mnemonic beside it, the genesis transactions collected, and every node's peers written down. It
// starts nothing.
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { AddressCodec } from "../../chain/types/address.ts";
import { timeFromMilliseconds } from "../../chain/types/time.ts";
import { addAccount } from "../../genesis/add-accounts.ts";
import { newGenesis, withGenesisTransactions } from "../../genesis/build.ts";
import type { NodeConfig } from "../../node/config.ts";
import type { JsonValue } from "../../proto/json.ts";
import { setPersistentPeers } from "../config-file.ts";
import { commandModules } from "../derive/modules.ts";
import { CliError } from "../errors.ts";
import { writeFileAtomic } from "../files.ts";
import { writeGenesis } from "../genesis/genesis-file.ts";
import { signedGentx } from "../genesis/gentx.ts";
import { type HomePaths, homePaths } from "../home.ts";
import { makeHome } from "../init.ts";
import { cosmosCoinType, derivePrivateKey, hdPath, newMnemonic } from "../keys/derivation.ts";
import { openKeyring } from "../keys/keyring.ts";
import { defaultPrefix } from "../settings.ts";
import { programVersion } from "../version.ts";

/** What each validator's account begins with, and bonds of it (simd testnet: tokens of power 500 and 100). */
export const testnetAccountCoins = 500_000_000n;
export const testnetBond = 100_000_000n;

/** Where a node of the network is reached. */
export interface TestnetAddresses {
  /** Host and port that the other nodes dial. */
  readonly peer: string;
  readonly config: Partial<NodeConfig>;
}

/** What a network is made from. */
export interface TestnetPlan {
  readonly folder: string;
  readonly chainId: string;
  readonly denom: string;
  readonly validators: number;
  /** Nodes that hold no account and do not validate, after the validators. */
  readonly fullNodes: number;
  readonly nodePrefix: string;
  /** The name of the home folder inside a node's folder. */
  readonly daemonHome: string;
  readonly keyringBackend: string;
  /** Where node `index` is reached and what else its files say. */
  readonly addresses: (index: number) => TestnetAddresses;
}

/** One node of a network that was made. */
export interface TestnetNode {
  readonly name: string;
  readonly paths: HomePaths;
  readonly isValidator: boolean;
}

/** The nodes of a plan, made or to be made. */
export function testnetNodes(plan: TestnetPlan): readonly TestnetNode[] {
  return Array.from({ length: plan.validators + plan.fullNodes }, (_, index) => {
    const isValidator = index < plan.validators;
    const name = isValidator ? `${plan.nodePrefix}${index}` : fullNodeName(plan, index);
    return { name, paths: homePaths(join(resolve(plan.folder), name, plan.daemonHome)), isValidator };
  });
}

function fullNodeName({ validators, fullNodes }: TestnetPlan, index: number): string {
  return fullNodes === 1 ? "full" : `full${index - validators}`;
}

/** Makes the network. Refuses where one of its homes is there already: keys are never written over. */
export async function makeTestnet(plan: TestnetPlan): Promise<readonly TestnetNode[]> {
  const nodes = testnetNodes(plan);
  const present = nodes.find(({ paths }) => existsSync(paths.config));
  if (present !== undefined) {
    throw new CliError(
      `${present.paths.home} exists already`,
      "name another --output-dir, or remove that one if it is worth nothing; it was not touched",
    );
  }
  // All of them before anything is written: an address may not exist.
  const places = nodes.map((_, index) => plan.addresses(index));
  let genesis = newGenesis(await commandModules(), {
    appName: "tributaryd",
    appVersion: programVersion(),
    genesisTime: timeFromMilliseconds(BigInt(Date.now())),
    chainId: plan.chainId,
    initialHeight: 1,
    denom: plan.denom,
  });
  const peers: string[] = [];
  const transactions: JsonValue[] = [];
  for (const [index, node] of nodes.entries()) {
    const { peer, config } = places[index]!;
    const id = makeHome(node.paths, genesis, { moniker: node.name, denom: plan.denom, config });
    peers.push(`${id}@${peer}`);
    if (!node.isValidator) continue;
    const operator = await makeOperator(node, plan.keyringBackend);
    genesis = addAccount(genesis, operator.address, [{ denom: plan.denom, amount: testnetAccountCoins }]);
    const validator = { chainId: plan.chainId, moniker: node.name, amount: `${testnetBond}${plan.denom}` };
    const gentx = signedGentx(node.paths, operator, { ...validator, peer: `${id}@${peer}` });
    writeFileAtomic(join(resolve(plan.folder), "gentxs", `${node.name}.json`), `${JSON.stringify(gentx)}\n`);
    transactions.push(gentx);
  }
  genesis = withGenesisTransactions(genesis, transactions);
  for (const [index, { paths }] of nodes.entries()) {
    // Validators know each other; a full node knows them all.
    setPersistentPeers(
      paths,
      peers.filter((_, other) => other !== index && nodes[other]!.isValidator),
    );
    writeGenesis(paths.genesis, genesis);
  }
  return nodes;
}

/** A validator's account: a new mnemonic, its key in the node's keyring, the words in key_seed.json as simd leaves them. */
async function makeOperator({ name, paths }: TestnetNode, keyringBackend: string) {
  const mnemonic = newMnemonic();
  const privateKey = derivePrivateKey(mnemonic, hdPath(cosmosCoinType, 0, 0));
  const { address } = await openKeyring(keyringBackend, paths.home).addLocal(name, privateKey);
  writeFileAtomic(join(paths.home, "key_seed.json"), `${JSON.stringify({ secret: mnemonic })}\n`, 0o600);
  return { address: new AddressCodec(defaultPrefix).account(address), privateKey };
}
