import type { Size, View } from './view.ts';

/** What a point's mark says. */
const PLAIN = 0;
/** Drawn above the others, which fade as long as there is any. */
export const RAISED = 1;
export const HIDDEN = 2;

export interface Look {
  /** Diameter of a point, in CSS pixels. */
  size: number;
  /** Opacity of plain points. */
  plain: number;
  /** Colour of the ring round raised points: red, green, blue, 0 to 1. */
  ring: readonly [number, number, number];
}

/** Draws points by WebGL 2. What does not change stays with the GPU: a frame is a few uniforms and two calls. */
export interface Renderer {
  setPoints(points: Float32Array): void;
  /** Four bytes a point, opaque. */
  setColours(colours: Uint8Array): void;
  setMarks(marks: Uint8Array): void;
  draw(view: View, size: Size, ratio: number, look: Look): void;
  destroy(): void;
}

const VERTEX = `#version 300 es
in vec2 place;
in vec4 colour;
in float mark;
uniform vec2 centre;
uniform vec2 scale;
uniform float size;
uniform float pass;
out vec4 ink;
void main() {
  gl_Position = mark == pass ? vec4((place - centre) * scale, 0.0, 1.0) : vec4(2.0, 2.0, 2.0, 1.0);
  gl_PointSize = size;
  ink = colour;
}`;

const FRAGMENT = `#version 300 es
precision highp float;
in vec4 ink;
uniform float size;
uniform float opacity;
uniform float ring;
uniform vec3 ringColour;
out vec4 result;
void main() {
  float away = length(gl_PointCoord - 0.5) * size;
  float outer = size * 0.5;
  float cover = clamp(outer - away, 0.0, 1.0) * opacity;
  vec3 shade = mix(ink.rgb, ringColour, clamp(away - outer + ring + 0.5, 0.0, 1.0) * step(0.01, ring));
  result = vec4(shade * cover, cover);
}`;

/** A renderer on a canvas, or undefined where the browser has no WebGL 2. */
export function createRenderer(canvas: HTMLCanvasElement): Renderer | undefined {
  const gl = canvas.getContext('webgl2', { antialias: false, depth: false, powerPreference: 'low-power' });
  const program = gl && linked(gl);
  if (!gl || !program) return undefined;
  const uniform = (name: string) => gl.getUniformLocation(program, name);
  const places = {
    centre: uniform('centre'),
    scale: uniform('scale'),
    size: uniform('size'),
    pass: uniform('pass'),
    opacity: uniform('opacity'),
    ring: uniform('ring'),
    ringColour: uniform('ringColour'),
  };
  const attribute = (name: string, parts: number, type: number, normalized: boolean) => {
    const buffer = gl.createBuffer();
    const at = gl.getAttribLocation(program, name);
    gl.bindBuffer(gl.ARRAY_BUFFER, buffer);
    gl.enableVertexAttribArray(at);
    gl.vertexAttribPointer(at, parts, type, normalized, 0, 0);
    return (data: Float32Array | Uint8Array) => {
      gl.bindBuffer(gl.ARRAY_BUFFER, buffer);
      gl.bufferData(gl.ARRAY_BUFFER, data, gl.STATIC_DRAW);
    };
  };
  // biome-ignore lint/correctness/useHookAtTopLevel: WebGL's, not React's
  gl.useProgram(program);
  gl.bindVertexArray(gl.createVertexArray());
  const setPlaces = attribute('place', 2, gl.FLOAT, false);
  const setColours = attribute('colour', 4, gl.UNSIGNED_BYTE, true);
  const setMarks = attribute('mark', 1, gl.UNSIGNED_BYTE, false);
  gl.enable(gl.BLEND);
  gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
  let count = 0;
  let raised = false;

  return {
    setPoints(points) {
      count = points.length / 2;
      setPlaces(points);
    },
    setColours,
    setMarks(marks) {
      raised = marks.includes(RAISED);
      setMarks(marks);
    },
    draw({ x, y, scale }, { width, height }, ratio, { size, plain, ring }) {
      gl.viewport(0, 0, canvas.width, canvas.height);
      gl.clear(gl.COLOR_BUFFER_BIT);
      if (count === 0) return;
      gl.uniform2f(places.centre, x, y);
      gl.uniform2f(places.scale, (2 * scale) / width, (2 * scale) / height);
      gl.uniform3f(places.ringColour, ...ring);
      const pass = (mark: number, diameter: number, opacity: number, border: number) => {
        gl.uniform1f(places.pass, mark);
        gl.uniform1f(places.size, diameter * ratio);
        gl.uniform1f(places.opacity, opacity);
        gl.uniform1f(places.ring, border * ratio);
        gl.drawArrays(gl.POINTS, 0, count);
      };
      pass(PLAIN, size, raised ? plain * 0.25 : plain, 0);
      if (raised) pass(RAISED, size + 2, 1, size > 4 ? 1 : 0);
    },
    destroy() {
      gl.getExtension('WEBGL_lose_context')?.loseContext();
    },
  };
}

function linked(gl: WebGL2RenderingContext): WebGLProgram | undefined {
  const program = gl.createProgram();
  for (const [kind, source] of [
    [gl.VERTEX_SHADER, VERTEX],
    [gl.FRAGMENT_SHADER, FRAGMENT],
  ] as const) {
    const shader = gl.createShader(kind);
    if (!shader) return undefined;
    gl.shaderSource(shader, source);
    gl.compileShader(shader);
    gl.attachShader(program, shader);
  }
  gl.linkProgram(program);
  return gl.getProgramParameter(program, gl.LINK_STATUS) ? program : undefined;
}
