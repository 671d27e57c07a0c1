/** What several works came to, side by side; where one fails, it fails only when all have ended: nothing goes on behind its back. */
export async function allEnded<const Works extends readonly Promise<unknown>[]>(
  works: Works,
): Promise<{ -readonly [Place in keyof Works]: Awaited<Works[Place]> }> {
  await Promise.allSettled(works)
  return await Promise.all(works)
}
