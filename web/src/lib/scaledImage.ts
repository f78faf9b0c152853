// What a model accepts: 5 MB in Base64, and at most 8,000 pixels in each direction.
const MAX_BYTES = 3_900_000;
const MAX_SIDE = 8_000;
const SCALED_SIDE = 2_400;
const SCALABLE = /^image\/(png|jpeg|webp)$/;

/** A picture that is too large for a model, scaled down; any other file as it is. */
export async function scaledImage(file: File): Promise<File> {
  if (!SCALABLE.test(file.type) || !("createImageBitmap" in globalThis)) return file;
  try {
    const picture = await createImageBitmap(file);
    const { width, height } = picture;
    const longest = Math.max(width, height);
    if (file.size <= MAX_BYTES && longest <= MAX_SIDE) return file;
    const scale = Math.min(1, SCALED_SIDE / longest);
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(width * scale);
    canvas.height = Math.round(height * scale);
    const context = canvas.getContext("2d");
    if (!context) return file;
    context.fillStyle = "white"; // JPEG has no transparency
    context.fillRect(0, 0, canvas.width, canvas.height);
    context.drawImage(picture, 0, 0, canvas.width, canvas.height);
    picture.close();
    const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, "image/jpeg", 0.88));
    if (!blob || blob.size >= file.size) return file;
    return new File([blob], file.name.replace(/\.\w+$/, "") + ".jpg", { type: "image/jpeg" });
  } catch {
    // Not a picture that this browser can read: the server decides what it is.
    return file;
  }
}
