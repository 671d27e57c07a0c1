/** The code that Node gives a failed system call, such as `ENOENT`, or a failure of its own; undefined where there is none. */
export function systemCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined
}
