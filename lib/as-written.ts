import * as z from 'zod/mini'

/** The same schema for what is handed on as it was written: one of objects puts the keys that it knows before all others. */
export function asWritten<T>(schema: z.ZodMiniType<T>) {
  return z.custom<T>().check(({ value, issues }) => {
    const found = z.safeParse(schema, value).error?.issues ?? []
    issues.push(...found.map((issue) => ({ ...issue, input: value }) as z.core.$ZodRawIssue))
  })
}
