import * as z from 'zod/mini'

/** A value that Huawei documents, or any other text: what is new tomorrow is data, not an error. */
export type Open<Value extends string> = Value | (string & Record<never, never>)

/**
 * A field that may be left out or null. Where Huawei sent something of another type it reads as undefined, so that an
 * odd field harms nothing but itself.
 */
export function field<Schema extends z.ZodMiniType>(schema: Schema, description?: string) {
  const described = description === undefined ? schema : schema.check(z.describe(description))
  return z.catch(z.optional(z.nullable(described)), undefined)
}

/** Any text. */
export function text(description?: string) {
  return field(z.string(), description)
}

/** A text of which the documents list the values. */
export function openText<const Value extends string>(values: readonly Value[], description?: string) {
  return field(openEnum(values), description)
}

/** The schema of a text of which the documents list the values. */
export function openEnum<const Value extends string>(values: readonly Value[]) {
  const meta = z.meta({ 'x-extensible-enum': values })
  return z.string().check(meta) as unknown as z.ZodMiniType<Open<Value>, string>
}

/** A number; older documents and checkpoints write it as text. */
export function amount(description?: string) {
  const digits = z.string().check(z.regex(/^-?\d{1,15}(?:\.\d{1,15})?$/))
  return field(
    z.pipe(
      z.union([z.number(), digits]),
      z.transform((value) => Number(value)),
    ),
    description,
  )
}

/** A switch; some are texts such as `"True"` or `"FALSE"` on the wire. */
export function flag(description?: string) {
  const words = z.string().check(z.regex(/^(?:[Tt]rue|TRUE|[Ff]alse|FALSE)$/))
  return field(
    z.pipe(
      z.union([z.boolean(), words]),
      z.transform((value) => String(value).toLowerCase() === 'true'),
    ),
    description,
  )
}

/** A text that is a number in some editions, such as the enterprise project `0`. */
export function label(description?: string) {
  return field(
    z.pipe(
      z.union([z.string(), z.number()]),
      z.transform((value) => String(value)),
    ),
    description,
  )
}

/** A time as Huawei writes it: UTC, also where no zone stands in it. `toDate` reads it. */
export function time(description: string) {
  return text(`${description}; UTC, also where it has no zone`)
}

/** A list of objects; what is none is left out of it. */
export function listOf<Item extends z.ZodMiniType>(item: Item, description?: string) {
  const readable = z.pipe(
    z.array(z.catch(z.nullable(item), null)),
    z.transform((items) => items.filter((one) => one !== null) as NonNullable<z.output<Item>>[]),
  )
  return field(readable, description)
}

/** An object; fields that no document knows are kept in it, though its type does not name them. */
export function shape<const Fields extends z.core.$ZodLooseShape>(fields: Fields) {
  return z.looseObject(fields) as unknown as z.ZodMiniObject<Fields, z.core.$strip>
}
