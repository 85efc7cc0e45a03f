/** One line on what went wrong; also for errors that carry only a code, or only the errors they were made of. */
export function describeError(error: unknown): string {
  if (!(error instanceof Error)) {
    return String(error);
  }
  if (error.message !== "") {
    return error.message;
  }
  if (error instanceof AggregateError && error.errors.length > 0) {
    return describeError(error.errors[0]);
  }
  return "code" in error ? String(error.code) : error.name;
}
