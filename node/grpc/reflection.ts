/**
 * Owns gRPC reflection, by which grpcurl and its like learn a server's services without .proto files: grpc.reflection.v1 and its
 * older name v1alpha. Answers come from the descriptors that `npm run gen` keeps. Does not own streams (server.ts).
 */
import { utf8Text } from "../../proto/bytes.ts";
import { decode, encode } from "../../proto/codec.ts";
import { fileDescriptorSetBase64 } from "../../proto/reflection.gen.ts";
import { services } from "../../proto/registry.ts";
import type { Messages } from "../../proto/types.gen.ts";
import { BYTES, Cursor, FIXED32, FIXED64, VARINT } from "../../proto/wire-format.ts";
import { descriptorService } from "../rpc/grpc-services/interface-reflection.ts";
import { grpcCodes } from "../rpc/grpc-services/status.ts";

/** The paths it is called by. */
export const reflectionPaths: ReadonlySet<string> = new Set(
  ["v1", "v1alpha"].map((version) => `/grpc.reflection.${version}.ServerReflection/ServerReflectionInfo`),
);

type Question = Messages["grpc.reflection.v1.ServerReflectionRequest"];
type Answer = Messages["grpc.reflection.v1.ServerReflectionResponse"];

/** A .proto file: its bytes as google.protobuf.FileDescriptorProto, and what it imports. */
interface ProtoFile {
  readonly bytes: Uint8Array;
  readonly imports: readonly string[];
}

/** Answers questions about the methods that `isServed` says are answered here. */
export class Reflection {
  readonly #files = new Map<string, ProtoFile>();
  /** Which file declares a full name: messages, enums, services and methods. */
  readonly #declaring = new Map<string, string>();
  readonly #services: readonly string[];

  constructor(isServed: (path: string) => boolean) {
    for (const { bytes } of fields(Buffer.from(fileDescriptorSetBase64, "base64")).filter(isField(1))) this.#add(bytes);
    const served = services().filter(([name, { methods }]) =>
      methods.some((each) => isServed(`/${name}/${each.name}`)),
    );
    // The bundle holds neither of the two that speak of descriptors.
    this.#services = [...served.map(([name]) => name), descriptorService, "grpc.reflection.v1.ServerReflection"].sort();
  }

  /** Answers one question. Throws DecodeError on bytes that are none. */
  answer(bytes: Uint8Array): Uint8Array {
    const question = decode("grpc.reflection.v1.ServerReflectionRequest", bytes);
    const answer: Answer = { validHost: question.host, originalRequest: question, ...this.#answerTo(question) };
    return encode("grpc.reflection.v1.ServerReflectionResponse", answer);
  }

  #answerTo(question: Question): Partial<Answer> {
    if (question.listServices !== undefined)
      return { listServicesResponse: { service: this.#services.map((name) => ({ name })) } };
    if (question.fileByFilename !== undefined) return this.#fileAnswer(question.fileByFilename);
    const symbol = question.fileContainingSymbol;
    if (symbol !== undefined) return this.#fileAnswer(this.#declaring.get(symbol.replace(/^\./, "")) ?? "", symbol);
    if (question.allExtensionNumbersOfType !== undefined) {
      const baseTypeName = question.allExtensionNumbersOfType;
      return { allExtensionNumbersResponse: { baseTypeName, extensionNumber: [] } };
    }
    return notFound("extension");
  }

  /** The file with all it imports, itself first. */
  #fileAnswer(name: string, asked = name): Partial<Answer> {
    if (!this.#files.has(name)) return notFound(asked.slice(0, 200));
    const found = new Set([name]);
    for (const each of found) for (const imported of this.#files.get(each)?.imports ?? []) found.add(imported);
    const fileDescriptorProto = [...found].flatMap((each) => this.#files.get(each)?.bytes ?? []);
    return { fileDescriptorResponse: { fileDescriptorProto } };
  }

  /** Field numbers are those of google/protobuf/descriptor.proto. */
  #add(bytes: Uint8Array): void {
    const file = fields(bytes);
    const name = textOf(file, 1);
    const scope = textOf(file, 2);
    this.#files.set(name, { bytes, imports: file.filter(isField(3)).map(({ bytes: text }) => utf8Text(text)) });
    const declare = (within: string, parts: readonly Field[]): string => {
      const full = within === "" ? textOf(parts, 1) : `${within}.${textOf(parts, 1)}`;
      this.#declaring.set(full, name);
      return full;
    };
    const message = (within: string, parts: readonly Field[]): void => {
      const full = declare(within, parts);
      for (const nested of parts.filter(isField(3))) message(full, fields(nested.bytes));
      for (const nested of parts.filter(isField(4))) declare(full, fields(nested.bytes));
    };
    for (const each of file.filter(isField(4))) message(scope, fields(each.bytes));
    for (const each of file.filter(isField(5))) declare(scope, fields(each.bytes));
    for (const each of file.filter(isField(6))) {
      const service = fields(each.bytes);
      const full = declare(scope, service);
      for (const method of service.filter(isField(2))) declare(full, fields(method.bytes));
    }
  }
}

function notFound(what: string): Partial<Answer> {
  return { errorResponse: { errorCode: grpcCodes.NotFound, errorMessage: `not found: ${what}` } };
}

/** A length-delimited field of a message. */
interface Field {
  readonly number: number;
  readonly bytes: Uint8Array;
}

const isField =
  (number: number) =>
  (field: Field): boolean =>
    field.number === number;

function textOf(parts: readonly Field[], number: number): string {
  const found = parts.find(isField(number));
  return found === undefined ? "" : utf8Text(found.bytes);
}

/** The length-delimited fields of a message of ours, in their order. */
function fields(bytes: Uint8Array): readonly Field[] {
  const cursor = new Cursor(bytes, false);
  const found: Field[] = [];
  while (cursor.at < bytes.length) {
    cursor.varint(bytes.length);
    const number = cursor.low >>> 3;
    const wireType = cursor.low & 7;
    if (wireType === BYTES) {
      const end = cursor.measured(bytes.length);
      found.push({ number, bytes: bytes.subarray(cursor.at, end) });
      cursor.at = end;
    } else if (wireType === VARINT) cursor.varint(bytes.length);
    else if (wireType === FIXED64 || wireType === FIXED32) cursor.fixed(wireType === FIXED64 ? 8 : 4, bytes.length);
    else throw new Error(`a descriptor has wire type ${wireType}`);
  }
  return found;
}
