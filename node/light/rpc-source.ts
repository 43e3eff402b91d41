/**
 * Owns fetching light blocks from one node's RPC (`commit` and `validators`), bounded in time and bytes. Does not own
 * whether they are true: the node is not trusted, light-client.ts verifies what comes from here.
 */

import type { Header } from "../../chain/types/header.ts";
import type { LightBlock } from "../../chain/types/light-block.ts";
import { MAX_VOTES } from "../../chain/types/limits.ts";
import { compareByPower, newValidator, type Validator } from "../../chain/types/validator.ts";
import { sumVotingPower } from "../../chain/types/validator-set.ts";
import {
  CometJsonError,
  commitFromJson,
  fieldsOf,
  headerFromJson,
  int64Of,
  itemsOf,
  validatorFromJson,
} from "./comet-json.ts";
import { lightHeaderPage, lightRequestTimeoutMs, lightValidatorPage, maximumLightAnswerBytes } from "./limits.ts";

/** Where light blocks come from. */
export interface LightSource {
  /** How it is named in messages. */
  readonly name: string;
  /** The light block of a height, or of the newest block. Throws LightSourceError. */
  lightBlock(height: bigint | undefined): Promise<LightBlock>;
}

/** A source did not give what was asked for. */
export class LightSourceError extends Error {
  override readonly name = "LightSourceError";
  /** Whether the source answered, and said that it does not have this height (yet, or any more). */
  readonly isAbsent: boolean;

  constructor(message: string, isAbsent = false) {
    super(message);
    this.isAbsent = isAbsent;
  }
}

/** One node's RPC. */
export class RpcLightSource implements LightSource {
  readonly name: string;

  /** `address` is an http or https URL, or `host:port` with or without `tcp://`, as in configurations. */
  constructor(address: string) {
    const url = address.replace(/^tcp:\/\//, "http://").replace(/\/+$/, "");
    this.name = /^https?:\/\//.test(url) ? url : `http://${url}`;
  }

  async lightBlock(height: bigint | undefined): Promise<LightBlock> {
    return await this.reading(async () => {
      const answer = fieldsOf(await this.call("commit", height === undefined ? {} : { height: `${height}` }), "commit");
      const signed = fieldsOf(answer.signed_header, "signed_header");
      const header = headerFromJson(signed.header);
      const commit = commitFromJson(signed.commit);
      if (height !== undefined && header.height !== height) {
        throw new LightSourceError(`${this.name} was asked for height ${height} and gave ${header.height}`);
      }
      return { signedHeader: { header, commit }, validators: await this.validators(header.height) };
    });
  }

  /** The headers of a range, in no particular order and perhaps not all. Throws LightSourceError. */
  async headers(lowest: bigint, highest: bigint): Promise<readonly Header[]> {
    return await this.reading(async () => {
      const range = { minHeight: `${lowest}`, maxHeight: `${highest}` };
      const { block_metas } = fieldsOf(await this.call("blockchain", range), "blockchain");
      return itemsOf(block_metas, "block_metas", lightHeaderPage).map((meta) =>
        headerFromJson(fieldsOf(meta, "block_meta").header),
      );
    });
  }

  /** Who signed a height, by power and without priorities. Throws LightSourceError. */
  async validators(height: bigint): Promise<LightBlock["validators"]> {
    return await this.reading(() => this.validatorPages(height));
  }

  private async reading<Result>(read: () => Promise<Result>): Promise<Result> {
    try {
      return await read();
    } catch (error) {
      if (error instanceof CometJsonError)
        throw new LightSourceError(`${this.name} answers in no known form: ${error.message}`);
      throw error;
    }
  }

  private async validatorPages(height: bigint): Promise<LightBlock["validators"]> {
    const validators: Validator[] = [];
    for (let page = 1; ; page += 1) {
      const params = { height: `${height}`, page: `${page}`, per_page: `${lightValidatorPage}` };
      const answer = fieldsOf(await this.call("validators", params), "validators");
      const items = itemsOf(answer.validators, "validators", lightValidatorPage);
      // Addresses follow from keys, and priorities stand in no header: neither is taken from a stranger.
      for (const { pubKey, votingPower } of items.map(validatorFromJson))
        validators.push(newValidator(pubKey, votingPower));
      const total = int64Of(answer.total, "total");
      if (total > BigInt(MAX_VOTES)) throw new CometJsonError(`total is not at most ${MAX_VOTES}`);
      if (items.length === 0 || BigInt(validators.length) >= total) break;
    }
    validators.sort(compareByPower);
    return { validators, proposer: validators[0], totalVotingPower: sumVotingPower(validators) };
  }

  /** One JSON-RPC call; the result as parsed. */
  private async call(method: string, params: Readonly<Record<string, string>>): Promise<unknown> {
    const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method, params });
    const { result, error } = fieldsOf(this.parse(await this.post(body)), "the answer");
    if (error !== undefined && error !== null) {
      const { message, data } = fieldsOf(error, "error");
      const text = `${String(message ?? "")}: ${String(data ?? "")}`.slice(0, 300);
      const isAbsent = /height|could not find|not available/i.test(text);
      throw new LightSourceError(`${this.name} refused ${method} ${params.height ?? ""}: ${text}`, isAbsent);
    }
    return result;
  }

  private parse(text: string): unknown {
    try {
      return JSON.parse(text);
    } catch {
      throw new LightSourceError(`${this.name} does not speak JSON-RPC; is it an RPC address (port 26657 by default)?`);
    }
  }

  private async post(body: string): Promise<string> {
    try {
      const response = await fetch(this.name, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body,
        signal: AbortSignal.timeout(lightRequestTimeoutMs),
      });
      const chunks: Uint8Array[] = [];
      let bytes = 0;
      for await (const chunk of response.body ?? []) {
        bytes += chunk.length;
        // Leaving the loop ends the transfer, however much the node would still send.
        if (bytes > maximumLightAnswerBytes) throw new LightSourceError(`${this.name} sent more than ${bytes} bytes`);
        chunks.push(chunk);
      }
      return Buffer.concat(chunks).toString("utf8");
    } catch (error) {
      if (error instanceof LightSourceError) throw error;
      const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
      const reason = cause instanceof Error ? cause.message || cause.name : String(cause);
      throw new LightSourceError(`${this.name} cannot be reached: ${reason || "no answer"}`);
    }
  }
}
