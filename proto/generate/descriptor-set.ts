// The JSON form of google.protobuf.FileDescriptorSet as `buf build` prints it, as far as the generator reads it. Options
// that are extensions stand under "[package.name]". Repeated options keep all their values here, unlike in protobufjs.

/** Options of anything. */
export type Options = Readonly<Record<string, unknown>>;

export interface FieldProto {
  readonly name: string;
  readonly number: number;
  readonly label?: "LABEL_OPTIONAL" | "LABEL_REPEATED" | "LABEL_REQUIRED";
  readonly type: string;
  readonly typeName?: string;
  readonly jsonName: string;
  readonly oneofIndex?: number;
  readonly proto3Optional?: boolean;
  readonly options?: Options;
}

export interface EnumProto {
  readonly name: string;
  readonly value: readonly { readonly name: string; readonly number?: number; readonly options?: Options }[];
  readonly options?: Options;
}

export interface MessageProto {
  readonly name: string;
  readonly field?: readonly FieldProto[];
  readonly nestedType?: readonly MessageProto[];
  readonly enumType?: readonly EnumProto[];
  readonly oneofDecl?: readonly { readonly name: string }[];
  readonly options?: Options;
}

export interface MethodProto {
  readonly name: string;
  readonly inputType: string;
  readonly outputType: string;
  readonly options?: Options;
  readonly clientStreaming?: boolean;
  readonly serverStreaming?: boolean;
}

export interface ServiceProto {
  readonly name: string;
  readonly method?: readonly MethodProto[];
  readonly options?: Options;
}

export interface FileProto {
  readonly name: string;
  readonly package?: string;
  readonly syntax?: string;
  readonly messageType?: readonly MessageProto[];
  readonly enumType?: readonly EnumProto[];
  readonly service?: readonly ServiceProto[];
  readonly sourceCodeInfo?: {
    readonly location?: readonly { readonly path?: readonly number[]; readonly leadingComments?: string }[];
  };
}

export interface DescriptorSet {
  readonly file: readonly FileProto[];
}
