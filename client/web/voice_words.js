// SPDX-License-Identifier: ISC
// voice_words.js: the sentences about voice, fetched with it; all others are in words.js.

export const said = {
  title: "Voice", asking: "The browser asks whether this page may use the microphone.",
  try: "Speak, and watch the bar: nobody hears you yet.", go: "Go on voice", listen: "Listen only", cancel: "Not now", hang_up: "Hang up",
  mute: "Mute", unmute: "Unmute", hold: "Hold to speak", devices: "Devices", again: "Try again", let_sound: "Let it sound",
  microphone: "Microphone", speaker: "Loudspeaker", usual: "as the system has it", level: "How loud you are", you: "you",
  relay: "By the relay alone: the others do not learn my network address", relay_all: "This server has everybody speak by its relay.",
  no_relay: "This server has no relay, so nobody can be reached by one alone: untick it to be heard.",
  on_voice: "On voice", alone: "Nobody else is on voice yet. Text works as ever.", speaks: "speaks", listens: "listens", elsewhere: "Your voice went to another tab or device of yours.",
  device: "Speak for a seat", device_go: "Speak by this device",
  device_why: "Somebody at a terminal speaks and listens by this page; it shows and does nothing else of the room. It ends with their seat, or when they end it.",
  keys: [["$", "the microphone, then on voice, then hang up"], ["Space", "while muted: hold to speak"]],
  device_privacy: "Nothing is recorded. People whom you speak with directly can learn your network address; by the relay alone they cannot.",
  state: { looking: "finding a way", there: "", back: "connection lost, looking again", none: "no route between you yet; text works. A relay would help: ask who runs the server, or try another network" },
  away: "cut off from the server",
  server_away: "The server is away: who hears each other goes on hearing each other.",
  why: {
    none: "No microphone was found. Plug one in, then try again; you can listen all the same.",
    refused: "You, or a setting of the browser, refused the microphone to this page. Allow it at the address bar, then try again; you can listen all the same.",
    system: "The system does not give the browser the microphone. Allow it in the privacy settings of the system, then try again; you can listen all the same.",
    busy: "Another program holds the microphone. Close that, then try again; you can listen all the same.",
    gone: "The microphone is gone. Plug it in or choose another one.",
    insecure: "The browser gives no microphone to a page whose address it does not trust.",
    failed: "The browser could not open the microphone. Try again, or try another browser.",
  },
};
