// SPDX-License-Identifier: ISC
// identity.js: the key that owns this browser's seats. It is made at first use, cannot leave the
// browser, and is kept in IndexedDB; where that is refused (private windows) it lives as long as
// the page, and `kept` says so. A page cannot check the server's pin: its trust is the certificate.

const DATABASE = "spar";
const STORE = "keys";
const NAME = "identity";
const ALGORITHM = { name: "ECDSA", namedCurve: "P-256" };
const PURPOSE = "spar-hello-1\0";

/** @param {IDBRequest} request @returns {Promise<any>} */
function done(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

async function openStore() {
  const request = indexedDB.open(DATABASE, 1);
  request.onupgradeneeded = () => request.result.createObjectStore(STORE);
  return done(request);
}

/** Two tabs at once keep the same pair: the one that was there first. */
async function keep(database, pair) {
  const store = database.transaction(STORE, "readwrite").objectStore(STORE);
  const there = await done(store.get(NAME));
  if (!there) await done(store.put(pair, NAME));
  return there || pair;
}

async function loadPair() {
  let pair;
  try {
    const database = await openStore();
    pair = await done(database.transaction(STORE).objectStore(STORE).get(NAME));
    if (!pair) {
      pair = await crypto.subtle.generateKey(ALGORITHM, false, ["sign"]);
      pair = await keep(database, pair);
    }
    return { pair, kept: true };
  } catch (error) {
    pair ||= await crypto.subtle.generateKey(ALGORITHM, false, ["sign"]);
    return { pair, kept: false };
  }
}

export class Identity {
  /** @param {CryptoKeyPair} pair @param {Uint8Array} key @param {boolean} kept */
  constructor(pair, key, kept) {
    this.pair = pair;
    /** The public key, DER SubjectPublicKeyInfo. */
    this.key = key;
    /** Whether it is there the next time too. */
    this.kept = kept;
  }

  /** Proves the key to the server that sent this challenge. @param {Uint8Array} nonce */
  async sign(nonce) {
    const text = new TextEncoder();
    const origin = await crypto.subtle.digest("SHA-256", text.encode(location.origin));
    const purpose = text.encode(PURPOSE);
    const statement = new Uint8Array(purpose.length + nonce.length + origin.byteLength);
    statement.set(purpose);
    statement.set(nonce, purpose.length);
    statement.set(new Uint8Array(origin), purpose.length + nonce.length);
    const how = { name: "ECDSA", hash: "SHA-256" };
    return new Uint8Array(await crypto.subtle.sign(how, this.pair.privateKey, statement));
  }
}

export async function openIdentity() {
  const { pair, kept } = await loadPair();
  const key = new Uint8Array(await crypto.subtle.exportKey("spki", pair.publicKey));
  return new Identity(pair, key, kept);
}
