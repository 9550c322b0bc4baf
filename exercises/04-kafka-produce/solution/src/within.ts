/**
 * What `work` comes to, or an error with the text of `otherwise` when it takes longer. Nothing stops the work itself:
 * this is for work whose failure ends the process.
 */
export async function within<T>(
  milliseconds: number,
  otherwise: string,
  work: Promise<T>,
): Promise<T> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new Error(otherwise)), milliseconds);
  try {
    return await Promise.race([work, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
