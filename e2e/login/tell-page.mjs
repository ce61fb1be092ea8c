/** Stands for a browser: says at TELL_URL which page it was asked to show. */
await fetch(process.env.TELL_URL, { method: "POST", body: process.argv[2] });
