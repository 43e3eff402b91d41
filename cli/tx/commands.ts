// Owns `tributaryd tx`: the commands on transactions as such (sign, multi-sign, broadcast, encode, decode, simulate). The
// commands of the modules come from their definitions (derive/tx-commands.ts).
import type { Command } from "commander";
import { toJson } from "../../proto/json.ts";
import { addModuleTxCommands } from "../derive/tx-commands.ts";
import { CliError, usageError } from "../errors.ts";
import { maxInputFileBytes } from "../limits.ts";
import { txOptions, withOptions } from "../options.ts";
import { printData, printLine } from "../output.ts";
import { readAllInput } from "../prompt.ts";
import { RpcClient } from "../rpc-client.ts";
import { Settings } from "../settings.ts";
import type { Json } from "../yaml.ts";
import { sendAndPrint } from "./build.ts";
import { readTx } from "./documents.ts";
import { addMultisigCommands } from "./multisig-commands.ts";
import { accountNumbers, simulation } from "./send.ts";
import { addSignCommands } from "./sign-commands.ts";
import {
  requiredSigners,
  sequenceFor,
  signMode,
  singleSigner,
  txBytes,
  txFromBytes,
  txToJson,
  withSigners,
} from "./transaction.ts";
import { addValidateSignatures } from "./validate-signatures.ts";

/** Adds the `tx` commands to their group. */
export async function addTxCommands(tx: Command): Promise<void> {
  await addModuleTxCommands(tx);
  addSignCommands(tx);
  addMultisigCommands(tx);
  addBroadcast(tx);
  addEncoding(tx);
  addSimulate(tx);
  addValidateSignatures(tx);
}

function addBroadcast(tx: Command): void {
  withOptions(tx.command("broadcast <file>").description("Send a signed transaction"), txOptions()).action(
    async (file: string, _options: unknown, command: Command) => {
      const settings = new Settings(command);
      const document = readTx(file);
      if (document.signatures.length === 0) {
        throw new CliError("the transaction is not signed", "sign it with `tributaryd tx sign`; nothing was sent");
      }
      await sendAndPrint(settings, new RpcClient(settings.nodeUrl()), txBytes(document));
    },
  );
}

function addEncoding(tx: Command): void {
  withOptions(
    tx.command("encode <file>").description("Print the bytes of a transaction in base64"),
    txOptions(),
  ).action((file: string) => printLine(Buffer.from(txBytes(readTx(file))).toString("base64")));

  withOptions(
    tx.command("decode <bytes>").description("Print a transaction given as base64 (or with --hex)"),
    txOptions(),
  )
    .option("-x, --hex", "The bytes are hexadecimal")
    .action((text: string, options: { hex?: boolean }, command: Command) => {
      const settings = new Settings(command);
      const input = (text === "-" ? readAllInput(maxInputFileBytes) : text).trim();
      const pattern = options.hex === true ? /^(0x)?([0-9a-fA-F]{2})+$/ : /^[A-Za-z0-9+/]+={0,2}$/;
      if (!pattern.test(input)) {
        throw usageError(
          `the bytes are not ${options.hex === true ? "hexadecimal" : "base64"}`,
          "hexadecimal bytes need --hex",
        );
      }
      const bytes = new Uint8Array(Buffer.from(input.replace(/^0x/, ""), options.hex === true ? "hex" : "base64"));
      printData(txToJson(txFromBytes(bytes)), settings.output("json"));
    });
}

function addSimulate(tx: Command): void {
  withOptions(
    tx.command("simulate <file>").description("Run a transaction on the present state without sending it"),
    txOptions(),
  ).action(async (file: string, _options: unknown, command: Command) => {
    const settings = new Settings(command);
    const client = new RpcClient(settings.nodeUrl());
    const document = readTx(file);
    let probe = document;
    if (document.signatures.length === 0) {
      const numbers = await Promise.all(
        requiredSigners(document, settings.addresses()).map((address) => accountNumbers(client, address)),
      );
      const infos = numbers.map((one) => singleSigner(undefined, signMode.direct, sequenceFor(document, one.sequence)));
      probe = withSigners(
        document,
        infos,
        infos.map(() => new Uint8Array(0)),
      );
    }
    const name = "cosmos.tx.v1beta1.SimulateResponse";
    printData(toJson(name, await simulation(client, probe)) as Json, settings.output("json"));
  });
}
