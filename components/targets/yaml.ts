import { Document } from "yaml";

/** Data as a YAML document. Who reads it may read YAML 1.1, as Go's tools do, in which a bare yes is no string. */
export function yamlDocument(data: unknown, comment: string | null): string {
  const document = new Document(data, { aliasDuplicateObjects: false, compat: "yaml-1.1" });
  document.commentBefore = comment;
  return document.toString({ lineWidth: 0 });
}
