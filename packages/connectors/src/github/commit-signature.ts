import { createHash, createPrivateKey, createPublicKey, hkdfSync, sign } from "node:crypto";

/** The key of one role, with which the commits that it is the author of are signed. */
export interface CommitKey {
  /** `ssh-ed25519 AAAA…`, as git's file of allowed signers and GitHub take it. */
  publicKey: string;
  /** An armoured SSH signature in git's namespace. */
  sign(text: string): string;
}

export interface CommitPerson {
  name: string;
  email: string;
}

/** A commit as git stores it, but for its signature. */
export interface CommitText {
  tree: string;
  parents: readonly string[];
  author: CommitPerson;
  /** Whole seconds count. */
  at: Date;
  message: string;
}

/** What stands before the 32 bytes of an Ed25519 seed in PKCS #8 (RFC 8410), and before those of a public key in SPKI. */
const pkcs8Head = Buffer.from("302e020100300506032b657004220420", "hex");
const spkiHeadBytes = 12;
const algorithm = "ssh-ed25519";
const namespace = "git";
const hashName = "sha512";
const armourColumns = 70;

/** A length-prefixed string, as SSH writes them. */
const field = (value: string | Buffer): Buffer => {
  const bytes = Buffer.from(value);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.byteLength);
  return Buffer.concat([length, bytes]);
};

/** The same secret and role give the same key, on every gateway and after every restart; another secret gives other keys. */
export function commitKey(secret: string, role: string): CommitKey {
  const seed = Buffer.from(hkdfSync("sha256", secret, "", `aito commits ed25519 ${role}`, 32));
  const key = createPrivateKey({ key: Buffer.concat([pkcs8Head, seed]), format: "der", type: "pkcs8" });
  const raw = createPublicKey(key).export({ format: "der", type: "spki" }).subarray(spkiHeadBytes);
  const publicBlob = Buffer.concat([field(algorithm), field(raw)]);
  return {
    publicKey: `${algorithm} ${publicBlob.toString("base64")}`,
    sign: (text) => {
      // OpenSSH's PROTOCOL.sshsig: what is signed names the namespace, so that the signature is good for git alone.
      const named = Buffer.concat([field(namespace), field(""), field(hashName)]);
      const digest = createHash(hashName).update(text, "utf8").digest();
      const made = sign(null, Buffer.concat([Buffer.from("SSHSIG"), named, field(digest)]), key);
      const version = Buffer.from([0, 0, 0, 1]);
      const signature = field(Buffer.concat([field(algorithm), field(made)]));
      return armoured(Buffer.concat([Buffer.from("SSHSIG"), version, field(publicBlob), named, signature]));
    },
  };
}

function armoured(blob: Buffer): string {
  const lines = blob.toString("base64").match(new RegExp(`.{1,${armourColumns}}`, "g")) ?? [];
  return ["-----BEGIN SSH SIGNATURE-----", ...lines, "-----END SSH SIGNATURE-----"].join("\n");
}

/** The bytes that are signed: the commit as git stores it without the signature. */
export function commitText({ tree, parents, author, at, message }: CommitText): string {
  const by = `${author.name} <${author.email}> ${Math.floor(at.getTime() / 1_000)} +0000`;
  const head = [`tree ${tree}`, ...parents.map((parent) => `parent ${parent}`), `author ${by}`, `committer ${by}`];
  return `${head.join("\n")}\n\n${message}`;
}

/** The name that git gives to the commit with this signature. */
export function signedCommitSha(text: string, signature: string): string {
  const end = text.indexOf("\n\n");
  const whole = Buffer.from(`${text.slice(0, end)}\ngpgsig ${signature.replaceAll("\n", "\n ")}${text.slice(end)}`, "utf8");
  return createHash("sha1").update(`commit ${whole.byteLength}\0`).update(whole).digest("hex");
}

/** One way to write a message, which no server changes: no carriage returns, no blank lines around it, one newline at its end. */
export const plainMessage = (message: string): string => `${message.replaceAll("\r", "").replace(/^\n+|\n+$/g, "")}\n`;

/** A line of git's file of allowed signers (`gpg.ssh.allowedSignersFile`). */
export const allowedSigner = (email: string, { publicKey }: Pick<CommitKey, "publicKey">): string =>
  `${email} namespaces="${namespace}" ${publicKey}`;
