import * as z from 'zod/mini'

const FILE = /^([0-9A-Za-z_-][0-9A-Za-z._-]{0,127})\.json$/

const arrival = z.object({
  Records: z.array(
    z.object({
      eventSource: z.literal('aws:s3'),
      s3: z.object({ bucket: z.object({ name: z.string() }), object: z.object({ key: z.string() }) }),
    }),
  ),
})

const sweepEvent = z.strictObject({ kind: z.literal('sweep') })

/** Whether an event is the timer's, who wants to have taken what was left behind. */
export function isSweep(event: unknown): boolean {
  return z.safeParse(sweepEvent, event).success
}

/** Whether an event says that objects arrived in a bucket. */
export function isArrival(event: unknown): boolean {
  return z.safeParse(arrival, event).success
}

/** The operations whose orders an event announces in a folder of our store; other objects and other stores are none of ours. */
export function announcedOperations(event: unknown, storeUrl: string, inbox: string): readonly string[] {
  const folder = `${storeUrl}/${inbox}`
  return z.parse(arrival, event).Records.flatMap(({ s3: { bucket, object } }) => {
    // S3 writes keys into events as a form would: percent-encoded, a blank as `+`.
    const url = `s3://${bucket.name}/${decodeURIComponent(object.key.replaceAll('+', ' '))}`
    const operation = url.startsWith(folder) ? operationIn(url.slice(folder.length)) : undefined
    return operation === undefined ? [] : [operation]
  })
}

/** The operation that a file of an inbox is named for; undefined where its name can be none. */
export function operationIn(file: string): string | undefined {
  return FILE.exec(file)?.[1]
}
