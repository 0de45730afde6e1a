// Sends one file with tus-js-client: `endpoint token file address-file`. A second run goes on at the address noted there.
import { createReadStream, existsSync, readFileSync, writeFileSync } from "node:fs";
import { basename } from "node:path";
import { Upload } from "tus-js-client";

const [endpoint, token, path, note] = process.argv.slice(2);

const upload = new Upload(createReadStream(path), {
  endpoint,
  uploadUrl: existsSync(note) ? readFileSync(note, "utf8") : null,
  retryDelays: Array(20).fill(1000),
  metadata: { token, filename: basename(path), filetype: "video/mp4" },
  onUploadUrlAvailable: () => writeFileSync(note, upload.url),
  onError: (error) => {
    console.error(String(error));
    process.exit(1);
  },
  onSuccess: () => process.exit(0),
});
upload.start();
