// Owns: the old kinds of proposal (v1beta1 contents): reading them, and what carrying one out does. Of all kinds the SDK's application carries out
// texts alone, which do nothing; the others can be read in old proposals and are refused in new ones. Does not own: the message around a content.

import { sdkErrors } from "../../../chain/module/errors.ts";
import { utf8Length } from "../../../proto/bytes.ts";
import { DecodeError, decode, nameOfTypeUrl } from "../../../proto/codec.ts";
import type { MessageName, Messages } from "../../../proto/types.gen.ts";
import { errors } from "../errors.ts";
import { MAX_CONTENT_DESCRIPTION_BYTES, MAX_CONTENT_TITLE_BYTES } from "../limits.ts";

/** A content, read. */
export interface Content {
  readonly title: string;
  readonly description: string;
  /** The module that would carry it out. */
  readonly route: string;
}

/** Which messages are contents, and whose they are. */
const ROUTES: Partial<Record<MessageName, string>> = {
  "cosmos.gov.v1beta1.TextProposal": "gov",
  "cosmos.params.v1beta1.ParameterChangeProposal": "params",
  "cosmos.upgrade.v1beta1.SoftwareUpgradeProposal": "upgrade",
  "cosmos.upgrade.v1beta1.CancelSoftwareUpgradeProposal": "upgrade",
};

/** Reads a content. Throws sdk/29 (invalid type) for anything that is none. */
export function readContent(any: Messages["google.protobuf.Any"]): Content {
  const name = nameOfTypeUrl(any.typeUrl);
  const route = name === undefined ? undefined : ROUTES[name];
  if (name === undefined || route === undefined) {
    throw sdkErrors.invalidType.because(`expected a cosmos.gov.v1beta1.Content, got ${any.typeUrl}`);
  }
  try {
    const { title, description } = decode(name, any.value) as { readonly title: string; readonly description: string };
    return { title, description, route };
  } catch (error) {
    if (error instanceof DecodeError) throw sdkErrors.invalidType.because(`${any.typeUrl}: ${error.message}`);
    throw error;
  }
}

/** Throws gov/5 for a title or description that is blank or too long (ValidateAbstract). */
export function validateContent({ title, description }: Content): void {
  const refuse = (why: string): never => {
    throw errors.invalidProposalContent.because(why);
  };
  if (title.trim() === "") refuse("proposal title cannot be blank");
  if (utf8Length(title) > MAX_CONTENT_TITLE_BYTES) {
    refuse(`proposal title is longer than max length of ${MAX_CONTENT_TITLE_BYTES}`);
  }
  if (description === "") refuse("proposal description cannot be blank");
  if (utf8Length(description) > MAX_CONTENT_DESCRIPTION_BYTES) {
    refuse(`proposal description is longer than max length of ${MAX_CONTENT_DESCRIPTION_BYTES}`);
  }
}

/** Carries out a content: a text does nothing, no other kind has a handler (gov/9). */
export function carryOut(content: Content): void {
  if (content.route !== "gov") throw errors.noProposalHandlerExists.because(content.route);
}
