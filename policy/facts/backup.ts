import type { BackupOutline } from "./outline";
import { at, isRecord, known, type Maybe, pending, textAt } from "./plain";
import type { Service } from "./stack";

/** Where copies go, as an annotation or a label of what runs says it, in JSON. */
const backupMark = "twofold.backup";

/** The backup of a service: from its description, or from a mark on one of its objects. */
export function backupOf({ outline, things }: Service): Maybe<BackupOutline> | undefined {
  if (outline.backup !== undefined) return outline.backup;
  const places = things.flatMap(({ plain, labels }) => [at(plain, "metadata", "annotations"), labels]);
  const [text] = places.flatMap((place) => known(textAt(place, backupMark)));
  if (text !== undefined) return readMark(text);
  return places.some((place) => place === pending || at(place, backupMark) === pending) ? pending : undefined;
}

function readMark(text: string): BackupOutline {
  const data = parsed(text);
  const repositories = at(data, "repositories");
  return {
    repositories: (Array.isArray(repositories) ? repositories : []).filter(isRecord).map((repository) => ({
      offSite: repository["offSite"] === true,
      encrypted: repository["encrypted"] === true,
    })),
  };
}

/** What is no JSON names no repository. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
