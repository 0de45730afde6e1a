// The library that plays pieces of video (HLS), for assets/js/live/playing.js alone.
export { default } from "hls.js/light";
