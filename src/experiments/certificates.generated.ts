// Written by bench/certify.ts.
/** Certificates of order of `converge`, by the name of the solver with its default options. */
export const CERTIFICATES: Readonly<Record<string, string>> = {
  "em": "certified 1, measured 1.01–1.02 on gaussian(mean=0.7,standardDeviation=0.5), vp, uniform, 80–640 steps",
  "reverse-diffusion": "certified 1, measured 1.00–1.01 on gaussian(mean=0.7,standardDeviation=0.5), vp, uniform, 80–640 steps",
  "ancestral": "certified 1, measured 1.00–1.01 on gaussian(mean=0.7,standardDeviation=0.5), vp, uniform, 80–640 steps",
  "ddpm": "certified 1, measured 0.94–0.98 on gaussian(mean=0.7,standardDeviation=0.5), vp, uniform, 320–2560 steps",
  "stochastic-heun": "certified 2, measured 2.01 on gaussian(mean=0.7,standardDeviation=0.5), vp, uniform, 80–640 steps",
  "sra1": "certified 2, measured 2.01 on gaussian(mean=0.7,standardDeviation=0.5), vp, uniform, 80–640 steps",
  "shark": "certified 2, measured 2.01–2.02 on gaussian(mean=0.7,standardDeviation=0.5), vp, uniform, 80–640 steps",
  "exponential-em": "certified 1, measured 1.00–1.02 on gaussian(mean=0.7,standardDeviation=0.5), vp, uniform, 80–640 steps",
  "ode-euler": "certified 1, measured 0.97–0.99 on gaussian(mean=0.7,standardDeviation=0.5), vp, uniform, 80–640 steps",
  "ode-heun": "certified 2, measured 1.98–2.00 on gaussian(mean=0.7,standardDeviation=0.5), vp, uniform, 80–640 steps",
  "ode-rk4": "certified 4, measured 4.01–4.04 on gaussian(mean=0.7,standardDeviation=0.5), vp, uniform, 80–640 steps",
  "ddim": "certified 1, measured 0.99–1.00 on gaussian(mean=0.7,standardDeviation=0.5), vp, uniform, 80–640 steps",
  "dpm++2m": "certified 2, measured 2.02–2.04 on gaussian(mean=0.7,standardDeviation=0.5), vp, uniform, 80–640 steps",
  "dpm++3m": "certified 3, measured 2.87–2.96 on gaussian(mean=0.7,standardDeviation=0.5), vp, uniform, 320–2560 steps",
  "dpm++2m-sde": "certified 1 (strong), measured 0.94–1.11 (standard errors up to 0.03) on gaussian(mean=0.7,standardDeviation=0.5), vp, log-snr, 40–320 steps",
  "unipc": "certified 3, measured 2.87–2.99 on gaussian(mean=0.7,standardDeviation=0.5), vp, log-snr, 20–160 steps",
  "deis": "certified 3, measured 2.87–2.98 on gaussian(mean=0.7,standardDeviation=0.5), edm, karras, 80–640 steps",
  "lms": "certified 4, measured 3.86–3.92 on gaussian(mean=0.7,standardDeviation=0.5), vp, log-snr, 160–1280 steps",
  "edm-heun": "certified 2, measured 1.99–2.00 on gaussian(mean=0.7,standardDeviation=0.5), vp, uniform, 80–640 steps",
};
