import * as z from 'zod/mini'

/** Whether a text is a uuid, in whatever case. */
export function isUuid(text: string): boolean {
  return /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text)
}

/** An id of CBR. */
export const uuid = textLike(isUuid, 'a uuid such as 94eba8b2-acc9-4d82-badc-127144cc5526', {
  format: 'uuid',
})

/** A lone surrogate is no character: it cannot be sent as UTF-8. What a test cannot say to OpenAPI stands in `meta`. */
export function textLike(
  isAllowed: (value: string) => boolean,
  allowed: string,
  meta: Readonly<Record<string, unknown>>,
) {
  return z.string(allowed).check(
    z.refine((value) => value.isWellFormed() && isAllowed(value), { error: allowed }),
    z.meta(meta),
  )
}

/** A list in which each id comes once, in whatever case. */
export function listOfDistinct<Item extends z.ZodMiniType>(
  item: Item,
  idOf: (value: z.infer<Item>) => string,
  what: string,
  most = Number.POSITIVE_INFINITY,
) {
  const allowed = `a list of ${what}`
  return z.array(item, allowed).check(
    z.refine(
      (values) => {
        const ids = new Set(values.map((value) => idOf(value).toLowerCase()))
        return values.length <= most && ids.size === values.length
      },
      { error: allowed },
    ),
    z.meta({ uniqueItems: true, ...(most < Number.POSITIVE_INFINITY && { maxItems: most }) }),
  )
}
