/** A function that does nothing: what every cold start costs, whatever is loaded. */
export const handler = async () => ({})
